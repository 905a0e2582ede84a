import HBTTypes

/// One asset of a run with its data.
public struct AssetInput {
    public var spec: AssetSpec
    public var events: any EventSource
    /// Levels both books start from; empty for none.
    public var initialSnapshot: [MarketEvent]
    /// Needed when `spec.latency` is `.interpolated`.
    public var latencyRows: (any LatencyRowSource)?
    /// The same rows, compiled; `events` is not read then. Made by `TapeCompiler` for this `spec`,
    /// this snapshot and the run's compatibility.
    public var tape: (any TapeSource)?
    /// How a tape is replayed; every way gives the same run.
    public var replay: ReplayMode

    public init(
        spec: AssetSpec, events: any EventSource, initialSnapshot: [MarketEvent] = [],
        latencyRows: (any LatencyRowSource)? = nil, tape: (any TapeSource)? = nil, replay: ReplayMode = .auto
    ) {
        self.spec = spec
        self.events = events
        self.initialSnapshot = initialSnapshot
        self.latencyRows = latencyRows
        self.tape = tape
        self.replay = replay
    }
}
