import HBTTypes

/// One asset of a run with its data.
public struct AssetInput {
    public var spec: AssetSpec
    public var events: any EventSource
    /// Levels both books start from; empty for none.
    public var initialSnapshot: [MarketEvent]
    /// Needed when `spec.latency` is `.interpolated`.
    public var latencyRows: (any LatencyRowSource)?

    public init(
        spec: AssetSpec, events: any EventSource, initialSnapshot: [MarketEvent] = [],
        latencyRows: (any LatencyRowSource)? = nil
    ) {
        self.spec = spec
        self.events = events
        self.initialSnapshot = initialSnapshot
        self.latencyRows = latencyRows
    }
}
