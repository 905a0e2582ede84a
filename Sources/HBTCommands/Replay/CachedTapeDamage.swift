import HBTMarketData

/// A tape of the cache turned out to be damaged while it was replayed.
struct CachedTapeDamage: Error, CustomStringConvertible {
    let paths: [String]
    let cause: any Error

    var description: String { ErrorLine.text(cause) }

    /// Does the work; once more when a cached tape was damaged, without that tape.
    ///
    /// - Parameter work: starts from nothing each time.
    static func recovering<T>(_ note: (String) -> Void, _ work: () throws -> T) throws -> T {
        do {
            return try work()
        } catch let damage as CachedTapeDamage {
            for path in damage.paths { FileTree.remove(path) }
            note("\(damage.paths.joined(separator: ", ")): a damaged tape; it is made again")
            return try work()
        }
    }
}
