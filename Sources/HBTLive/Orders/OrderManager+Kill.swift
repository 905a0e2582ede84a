import HBTTypes

/// How far a kill has come.
struct KillProgress {
    var reason: String
    var sinceNs: Int64
    /// When the venue's list was empty with nothing left that could still open an order; nil for not yet.
    var provenNs: [Int64?]
    var nextNs: Int64
}

extension OrderManager {
    /// Cancels everything and takes no order any more; there is no way back.
    ///
    /// It goes on (`tick`, `openOrders`) until the venue's own list of open orders is empty: `killProvenNs`.
    public func killEverything(_ reason: String, at ns: Int64) {
        guard kill == nil else { return }
        kill = KillProgress(reason: reason, sinceNs: ns, provenNs: Array(repeating: nil, count: specs.count), nextNs: ns)
        tickKill(ns)
    }

    public var killReason: String? { kill?.reason }

    /// When it was proven, by the venue's lists, that nothing is open on any asset; nil for not yet.
    public var killProvenNs: Int64? {
        guard let kill, kill.provenNs.allSatisfy({ $0 != nil }) else { return nil }
        return kill.provenNs.compactMap { $0 }.max()
    }

    func tickKill(_ ns: Int64) {
        guard let now = kill, killProvenNs == nil, now.nextNs <= ns else { return }
        kill?.nextNs = ns &+ limits.queryNs
        for asset in specs.indices where now.provenNs[asset] == nil && budget.take(.kill, weight: 2, at: ns) {
            actions.append(.cancelAll(asset: asset))
            actions.append(.queryOpenOrders(asset: asset))
        }
    }

    func noteKill(isEmpty: Bool, asset: Int, askedNs: Int64, at ns: Int64) {
        guard let now = kill, askedNs >= now.sinceNs else { return }
        // An order on its way, or of unknown state, may open after the list was made.
        let mayOpen = active.contains { orders[$0].map { $0.asset == asset && $0.heldDone == nil } ?? false }
        kill?.provenNs[asset] = isEmpty && !mayOpen ? ns : nil
    }
}
