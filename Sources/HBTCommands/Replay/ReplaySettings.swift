import HBTEngine
import HBTMarketData

/// How a run replays its data; never changes what comes out.
struct ReplaySettings: Sendable {
    var mode = ReplayMode.auto
    /// Where tapes are kept from run to run; nil for nowhere.
    var cache: TapeCache?
    /// False where the run may need a part of the data only: a tape that is there is replayed, but none
    /// is made unless the mode asks for it.
    var makesTapes = true
    /// The run goes on from a snapshot, which was taken in this very mode.
    var isBound = false

    /// Row by row, nothing kept.
    static let rows = ReplaySettings(mode: .rows)

    /// The mode that a saved state needs.
    func bound(to saved: ReplayMode, place: String) throws(CommandError) -> ReplaySettings {
        let usesRows = saved == .rows
        guard mode == .auto || mode == saved || (!usesRows && mode.usesTape) else {
            throw CommandError("\(place): taken with --replay \(saved.rawValue), and goes on in that mode only; leave out --replay \(mode.rawValue)")
        }
        return ReplaySettings(mode: saved, cache: cache, makesTapes: makesTapes, isBound: true)
    }
}
