import HBTTypes

/// What a tape says about itself, for the shell around the engine.
public struct TapeFacts: Equatable, Sendable {
    /// Rows of the data.
    public let rows: Int64
    /// Time of the first row on our clock; `.max` when it has none.
    public let firstLocalNs: Int64

    /// - Throws: `TapeRefusal` when the tape was made for another instrument, snapshot or compatibility,
    ///   `TapeFault` when it is damaged, or what reading it throws.
    public init(_ tape: any TapeSource, spec: AssetSpec, compatibility: Compatibility, snapshot: [MarketEvent]) throws {
        var header = TapeHeader(spec: spec, isReference: compatibility == .hftbacktest24, snapshot: snapshot)
        try header.read(tape.header)
        rows = header.rows
        firstLocalNs = try Self.firstLocalNs(tape)
    }

    /// Time of the first row on our clock, whatever the tape was made for; `.max` when it has none.
    public static func firstLocalNs(_ tape: any TapeSource) throws -> Int64 {
        for index in 0..<tape.segmentCount {
            let half = try TapeLocalSegment(tape.segment(index, .local))
            if half.batchCount > 0 { return half.batches[0].ns }
        }
        return .max
    }
}
