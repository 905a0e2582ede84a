import HBTEngine
import HBTTypes

/// The strategy of a connector: a bot in another process decides.
public final class RelayStrategy: Strategy {
    public static let typeName = "relay"
    public let wake = StrategyWake.every(ns: 1_000_000_000)

    public init() {}
    public init(settings: SettingsTable, assets: [AssetSpec]) throws(SettingsError) { try settings.finish() }

    public func step(_ market: StrategyContext, reason: WakeReason) {}

    public func encode(into out: inout StateWriter) {}
    public func restore(from input: inout StateReader) throws(StateError) {}
}
