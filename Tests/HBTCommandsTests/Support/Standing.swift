import HBTEngine
import HBTTypes

/// A strategy that never lets time pass.
final class Standing: Strategy {
    static let typeName = "standing"
    let wake = StrategyWake.every(ns: 0)

    init(settings: SettingsTable, assets: [AssetSpec]) throws(SettingsError) {}
    func step(_ market: StrategyContext, reason: WakeReason) {}
    func encode(into out: inout StateWriter) {}
    func restore(from input: inout StateReader) throws(StateError) {}
}
