/// What happened at its price while one order of ours rested: the evidence for a queue model.
public struct QueueHistory: Sendable {
    public enum Event: Equatable, Sendable {
        case trade(Double)
        case depth(previous: Double, now: Double)
    }
    public enum End: Equatable, Sendable {
        /// First executed by an event in this range: not by any before it, and by the last of them at the latest.
        case filled(Range<Int>)
        /// Cancelled, replaced, passed by the price, or still resting at the end of the run.
        case censored
    }
    public var asset: Int
    /// When it joined, venue clock.
    public var acceptedNs: Int64
    /// Quantity of the level then.
    public var ahead: Double
    public var lotSize: Double
    public var events: [Event]
    public var end: End

    public init(asset: Int = 0, acceptedNs: Int64 = 0, ahead: Double, lotSize: Double, events: [Event], end: End) {
        self.asset = asset
        self.acceptedNs = acceptedNs
        self.ahead = ahead
        self.lotSize = lotSize
        self.events = events
        self.end = end
    }

    public var isFilled: Bool { if case .filled = end { true } else { false } }
    var tradeCount: Int { events.reduce(0) { if case .trade = $1 { $0 + 1 } else { $0 } } }
}
