/// Where in time a spot REST snapshot belongs.
///
/// Spot snapshots carry an update id and no time. The book they describe is the one after update
/// `lastUpdateId`; so they are placed, on both clocks, right behind the last depth message whose
/// updates they contain. Both books are then right at once, as for a client that was connected
/// before the file began: later messages apply on top, earlier ones are overwritten.
struct SpotSnapshotAlignment {
    struct Update {
        var first: Int64
        var last: Int64
        var exchangeNs: Int64
        var localNs: Int64
    }

    struct Snapshot {
        var lastUpdateId: Int64
        var localNs: Int64
        var bids: [LevelList.Level]
        var asks: [LevelList.Level]
    }

    /// The most recent updates, oldest first: enough for any round trip of a REST call.
    private(set) var history: [Update] = []
    private static let historyLimit = 4096
    var pending: [Snapshot] = []

    mutating func remember(_ update: Update) {
        if history.count == Self.historyLimit { history.removeFirst(Self.historyLimit / 2) }
        history.append(update)
    }

    /// The times of a snapshot, or nil when an update beyond it has not been seen yet.
    func times(of snapshot: Snapshot) -> (exchangeNs: Int64, localNs: Int64)? {
        guard let after = history.firstIndex(where: { $0.last > snapshot.lastUpdateId }) else { return nil }
        let next = history[after]
        if after > 0, next.first <= history[after - 1].last &+ 1 {
            return (history[after - 1].exchangeNs, history[after - 1].localNs)
        }
        // Nothing contained in the snapshot was received without a gap before `next`: place it in
        // front, at its own receipt if that was earlier, with the feed latency of `next`.
        let localNs = min(snapshot.localNs, next.localNs &- 1)
        return (next.exchangeNs &- (next.localNs &- localNs), localNs)
    }
}
