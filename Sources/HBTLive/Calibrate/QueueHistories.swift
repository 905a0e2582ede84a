import HBTTypes

/// The histories of a live run's resting orders: its journal gone through in the order of the venue's clock.
public struct QueueHistories {
    /// Rows may be out of order on the venue's clock by so much.
    private static let reorderNs: Int64 = 1_000_000_000

    private struct Active {
        var watch: RestingOrders.Watch
        var history: QueueHistory
        /// Quantity of the level as of the last event, ours left out.
        var level: Double
        /// First event at or after the fill.
        var fillEvent: Int?
    }
    private struct Pending {
        var asset: Int
        var row: MarketEvent
    }

    private let specs: [AssetSpec]
    private let ownInBook: Bool
    private var waiting: ArraySlice<RestingOrders.Watch>
    private var active: [Active] = []
    /// By asset: quantities by tick.
    private var bids: [[Int64: Double]]
    private var asks: [[Int64: Double]]
    private var pending: [Pending] = []
    private var finished: [QueueHistory] = []

    /// - Parameters:
    ///   - journal: the folder of a journal, or its file.
    ///   - ownInBook: the feed's quantities hold our own orders, as a real venue's do.
    public static func read(_ journal: String, specs: [AssetSpec], ownInBook: Bool) throws(JournalError) -> [QueueHistory] {
        let resting = try RestingOrders(try JournalReader(journal), assets: specs.count)
        var histories = QueueHistories(resting, specs: specs, ownInBook: ownInBook)
        let reader = try JournalReader(journal)
        while let entry = try reader.next() {
            guard case .rows(let asset, let rows) = entry, asset >= 0, asset < specs.count else { continue }
            for row in rows where row.has(EventFlags.exchange) { histories.add(row, asset) }
        }
        return histories.finish()
    }

    private init(_ resting: RestingOrders, specs: [AssetSpec], ownInBook: Bool) {
        self.specs = specs
        self.ownInBook = ownInBook
        waiting = resting.watches[...]
        bids = Array(repeating: [:], count: specs.count)
        asks = bids
    }

    private mutating func add(_ row: MarketEvent, _ asset: Int) {
        var place = pending.count
        while place > 0, pending[place - 1].row.exchangeNs > row.exchangeNs { place -= 1 }
        pending.insert(Pending(asset: asset, row: row), at: place)
        guard pending.count >= 8_192, let newest = pending.last?.row.exchangeNs else { return }
        let count = pending.prefix { $0.row.exchangeNs < newest &- Self.reorderNs }.count
        for item in pending[..<count] { apply(item.row, item.asset) }
        pending.removeFirst(count)
    }

    private mutating func finish() -> [QueueHistory] {
        for item in pending { apply(item.row, item.asset) }
        for index in active.indices { close(index) }
        return finished.sorted { ($0.acceptedNs, $0.ahead) < ($1.acceptedNs, $1.ahead) }
    }

    private mutating func apply(_ row: MarketEvent, _ asset: Int) {
        let ns = row.exchangeNs
        // As at the simulated venue: rows of one moment come before requests of that moment.
        while let watch = waiting.first, (watch.acceptedNs ?? .max) < ns {
            waiting.removeFirst()
            join(watch)
        }
        active.removeAll { item in
            guard (item.watch.filledNs ?? item.watch.endNs ?? .max) < ns else { return false }
            finished.append(Self.closed(item))
            return true
        }
        let tick = (row.price / specs[asset].tickSize).rounded()
        let isBuy = row.has(EventFlags.buy), isSell = row.has(EventFlags.sell)
        switch Int(row.ev & 0xFF) {
        case Int(EventKind.depthClear): clear(asset, isBuy: isBuy || !isSell, isSell: isSell || !isBuy)
        case Int(EventKind.depth), Int(EventKind.depthSnapshot):
            guard abs(tick) < 1e15, isBuy != isSell else { return }
            changed(asset, Int64(tick), row.quantity, isBuy ? .buy : .sell, ns)
        case Int(EventKind.trade):
            guard abs(tick) < 1e15, isBuy != isSell else { return }
            traded(asset, Int64(tick), row.quantity, resting: isBuy ? .sell : .buy, ns)
        default: break
        }
    }

    private mutating func join(_ watch: RestingOrders.Watch) {
        let level = (watch.side == .buy ? bids : asks)[watch.asset][watch.tick] ?? 0
        active.append(Active(
            watch: watch,
            history: QueueHistory(
                asset: watch.asset, acceptedNs: watch.acceptedNs ?? 0, ahead: level, lotSize: specs[watch.asset].lotSize, events: [], end: .censored),
            level: level))
    }

    /// A book that starts anew: what happened meanwhile is unknown.
    private mutating func clear(_ asset: Int, isBuy: Bool, isSell: Bool) {
        if isBuy { bids[asset].removeAll(keepingCapacity: true) }
        if isSell { asks[asset].removeAll(keepingCapacity: true) }
        leave { $0.watch.asset == asset && ($0.watch.side == .buy ? isBuy : isSell) }
    }

    private mutating func changed(_ asset: Int, _ tick: Int64, _ quantity: Double, _ side: Side, _ ns: Int64) {
        if side == .buy { bids[asset][tick] = quantity > 0 ? quantity : nil } else { asks[asset][tick] = quantity > 0 ? quantity : nil }
        for index in active.indices where active[index].watch.asset == asset && active[index].watch.side == side && active[index].watch.tick == tick {
            let now = ownInBook ? max(0, quantity - active[index].watch.quantity) : quantity
            note(index, .depth(previous: active[index].level, now: now), ns)
            active[index].level = now
        }
        // The other side has come to our price or through it.
        guard quantity > 0 else { return }
        leave { $0.watch.asset == asset && $0.watch.side != side && (side == .sell ? tick <= $0.watch.tick : tick >= $0.watch.tick) }
    }

    private mutating func traded(_ asset: Int, _ tick: Int64, _ quantity: Double, resting side: Side, _ ns: Int64) {
        for index in active.indices where active[index].watch.asset == asset && active[index].watch.side == side && active[index].watch.tick == tick {
            note(index, .trade(quantity), ns)
        }
        leave { $0.watch.asset == asset && $0.watch.side == side && (side == .buy ? tick < $0.watch.tick : tick > $0.watch.tick) }
    }

    private mutating func note(_ index: Int, _ event: QueueHistory.Event, _ ns: Int64) {
        if active[index].fillEvent == nil, let filled = active[index].watch.filledNs, ns >= filled {
            active[index].fillEvent = active[index].history.events.count
        }
        active[index].history.events.append(event)
    }

    /// Orders that the price has passed, or whose book is lost. A fill at that very moment would have come in any case:
    /// all that it tells is that the order still waited before.
    private mutating func leave(where isGone: (Active) -> Bool) {
        active.removeAll { item in
            guard isGone(item) else { return false }
            var history = item.history
            if let first = item.fillEvent { history.events.removeSubrange(first...) }
            finished.append(history)
            return true
        }
    }

    private mutating func close(_ index: Int) { finished.append(Self.closed(active[index])) }

    /// A fill without an event at its price happened because the price went through: until then it waited.
    private static func closed(_ item: Active) -> QueueHistory {
        var history = item.history
        if let first = item.fillEvent { history.end = .filled(first..<history.events.count) }
        return history
    }
}
