import HBTTypes

/// The order latency of an asset's settings, for whoever carries messages between a run and a simulated venue outside
/// the engine: the same times as in a backtest with these settings.
public struct NetworkLatency {
    private var entry: OrderLatency
    private var response: OrderLatency

    /// - Parameter rows: those of `spec.latency` when it is interpolated.
    /// - Throws: when the rows cannot be read, or an answer would come before its cause.
    public init(spec: AssetSpec, rows: (any LatencyRowSource)?, compatibility: Compatibility) throws {
        let isReference = compatibility == .hftbacktest24
        entry = try OrderLatency(spec.latency, rows: rows, direction: .entry, isReference: isReference)
        response = try OrderLatency(spec.latency, rows: rows, direction: .response, isReference: isReference)
    }

    /// How long a request made at `ns` travels, nanoseconds; negative: it is refused on its way, after the magnitude.
    public mutating func entryNs(at ns: Int64) throws -> Int64 { try entry.latency(at: ns) }

    /// How long an answer to something that happened at `ns` on the venue's clock travels, nanoseconds.
    public mutating func responseNs(at ns: Int64) throws -> Int64 { try response.latency(at: ns) }
}
