import HBTTypes

/// Several files one after the other; a file is opened when the one before is used up, so that at most one is open.
public final class ChainedEventSource: EventFileSource {
    public typealias Opener = @Sendable (String) throws(MarketDataError) -> sending any EventFileSource

    private let paths: [String]
    private let opener: Opener
    private var next = 0
    private var current: (any EventFileSource)?
    public private(set) var warnings: [String] = []

    public init(_ paths: [String], opener: @escaping Opener = { path throws(MarketDataError) in try EventFiles.open(path) }) {
        self.paths = paths
        self.opener = opener
    }

    /// Reads every file's header anew; ask once.
    public var rowsTotal: Int64? {
        var total: Int64 = 0
        for path in paths {
            guard let rows = (try? opener(path))?.rowsTotal else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(rows)
            guard !overflow else { return nil }
            total = sum
        }
        return total
    }

    public func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        guard !buffer.isEmpty else { return 0 }
        while true {
            if let source = current {
                let count = try source.read(into: buffer)
                if count > 0 { return count }
                current = nil
            }
            guard next < paths.count else { return 0 }
            let source = try opener(paths[next])
            next += 1
            warnings += source.warnings
            current = source
        }
    }
}
