import HBTTypes

/// The events of one `.npz`: the array `data` (member `data.npy`), stored or deflated.
public final class NpzEventSource: EventFileSource {
    private let reader: NpyRowReader<MarketEvent>

    public init(path: String) throws(MarketDataError) { reader = try .npz(path, key: "data") }

    public var rowsTotal: Int64? { reader.rowsTotal }
    public var warnings: [String] { reader.warnings }

    public func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int { try reader.read(into: buffer) }
}
