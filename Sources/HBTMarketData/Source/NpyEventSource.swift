import HBTTypes

/// The events of one `.npy`: the bare array.
public final class NpyEventSource: EventFileSource {
    private let reader: NpyRowReader<MarketEvent>

    public init(path: String) throws(MarketDataError) { reader = try .npy(path) }

    public var rowsTotal: Int64? { reader.rowsTotal }
    public var warnings: [String] { reader.warnings }

    public func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int { try reader.read(into: buffer) }
}
