/// The venue's mark price at a moment, and the funding paid then (24 bytes).
@frozen
public struct MarkRow: Equatable, Sendable {
    /// When it counts, our clock.
    public var localNs: Int64
    /// Quote currency; NaN when only a rate is given: the newest price before it counts then.
    public var markPrice: Double
    /// Share of the position's value that longs pay to shorts at this moment; NaN when nothing is paid.
    public var fundingRate: Double

    @inlinable
    public init(localNs: Int64, markPrice: Double, fundingRate: Double = .nan) {
        self.localNs = localNs
        self.markPrice = markPrice
        self.fundingRate = fundingRate
    }
}

/// Mark prices and funding of one asset, file by file; each is loaded when time reaches it.
public protocol MarkRowSource: AnyObject {
    var fileCount: Int { get }
    /// All rows of file `index`, sorted by `localNs`.
    func rows(ofFile index: Int) throws -> [MarkRow]
}

/// Mark rows already in memory.
public final class ArrayMarkSource: MarkRowSource {
    private let files: [[MarkRow]]
    public init(_ files: [[MarkRow]]) { self.files = files }
    public var fileCount: Int { files.count }
    public func rows(ofFile index: Int) throws -> [MarkRow] { files[index] }
}
