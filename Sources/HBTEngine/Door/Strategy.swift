import HBTTypes

/// A strategy as a state machine: the engine calls it, it answers with orders.
///
/// The only style that runs both in a backtest and live. A strategy reads time, books, orders and
/// account from its `StrategyContext` and nothing else: no clock, no file, no random source. All
/// that decides its behaviour is in its stored properties.
public protocol Strategy: AnyObject {
    /// The name in `[strategy] type = "…"`.
    static var typeName: String { get }

    /// Reads the `[strategy]` table; `settings.finish()` at the end refuses unknown keys.
    init(settings: SettingsTable, assets: [AssetSpec]) throws(SettingsError)

    /// When the strategy wants to be called.
    var wake: StrategyWake { get }

    /// One step. `reason` says what woke it.
    func step(_ market: StrategyContext, reason: WakeReason)

    /// Factor nodes the strategy brings along; nil for none.
    func builtInFactors(isReference: Bool) -> FactorDefinition?

    /// Looks up the nodes it reads, before the first step; refuses a graph without them.
    func bind(_ factors: FactorGraph?) throws(SettingsError)

    /// Writes everything that decides the strategy's future and is not in its settings; `restore`
    /// reads the same, in the same order. A strategy without such state leaves both empty.
    func encode(into out: inout StateWriter)
    func restore(from input: inout StateReader) throws(StateError)
}

extension Strategy {
    public func builtInFactors(isReference: Bool) -> FactorDefinition? { nil }
    public func bind(_ factors: FactorGraph?) throws(SettingsError) {}
}

/// When a strategy is called.
public enum StrategyWake: Equatable, Sendable {
    /// Every so many nanoseconds of its own clock.
    case every(ns: Int64)
    /// At each market row (all rows of one local time together), and after `timeoutNs` without one;
    /// at answers, too, when included.
    case feed(timeoutNs: Int64, includesResponses: Bool)
}

/// What woke a strategy.
public enum WakeReason: Sendable {
    case interval
    case marketFeed
    case orderResponse
    case timeout
}
