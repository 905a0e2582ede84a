import HBTTypes

/// One asset of a run with its data.
public struct AssetInput {
    public var spec: AssetSpec
    public var events: any EventSource
    /// Levels both books start from; empty for none.
    public var initialSnapshot: [MarketEvent]
    /// Needed when `spec.latency` is `.interpolated`.
    public var latencyRows: (any LatencyRowSource)?
    /// Mark prices and funding; nil for none. A live asset gets its own while it runs.
    public var marks: (any MarkRowSource)?
    /// The same rows, compiled; `events` is not read then. Made by `TapeCompiler` for this `spec`,
    /// this snapshot and the run's compatibility.
    public var tape: (any TapeSource)?
    /// The feed that grows, when the asset is live; it is `events` then.
    public let live: LiveFeed?

    public init(
        spec: AssetSpec, events: any EventSource, initialSnapshot: [MarketEvent] = [],
        latencyRows: (any LatencyRowSource)? = nil, tape: (any TapeSource)? = nil
    ) {
        self.spec = spec
        self.events = events
        self.initialSnapshot = initialSnapshot
        self.latencyRows = latencyRows
        self.tape = tape
        live = nil
    }

    /// An asset whose rows are still to come.
    public init(spec: AssetSpec, live: LiveFeed, initialSnapshot: [MarketEvent] = [], latencyRows: (any LatencyRowSource)? = nil) {
        self.spec = spec
        events = live
        self.initialSnapshot = initialSnapshot
        self.latencyRows = latencyRows
        self.live = live
    }
}
