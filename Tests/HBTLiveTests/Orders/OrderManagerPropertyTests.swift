import HBTEngine
import HBTLive
import HBTMarketData
import HBTTypes
import Testing

/// The order manager against a venue that does its worst: whatever is lost, repeated or out of order, in the end both
/// agree, and on the way nothing is booked twice.
struct OrderManagerPropertyTests {
    /// What the engine was told, kept the slow and obvious way.
    private struct Told {
        var executed: [UInt64: Double] = [:]
        var last: [UInt64: Order] = [:]
        var executions: Set<UInt64> = []
        var position = [0.0, 0.0]
        /// Engine's order by client id, and its asset.
        var placed: [String: UInt64] = [:]
        var asset: [UInt64: Int] = [:]
    }

    /// One line that reproduces a failure, or nil.
    private func play(seed: UInt64) -> String? {
        var random = SeededRandom(seed: seed)
        let specs = (0..<2).map { AssetSpec(symbol: "S\($0)", tickSize: 1, lotSize: 1) }
        let manager = OrderManager(ids: OrderIds(startNs: Int64(seed) + 1), specs: specs)
        if seed % 2 == 1 { manager.mostInBatch = 3 }
        let venue = SimulatedVenue(assets: 2, seed: seed &+ 99)
        venue.faults = seed % 10 == 0 ? .none : .wild(&random)
        var told = Told()
        var ns: Int64 = 1_000_000_000
        var nextId: UInt64 = 1
        var askedForKill = false
        func fail(_ what: String) -> String { "seed \(seed) at \(ns) ns: \(what)" }

        func collect() -> String? {
            for action in manager.takeActions(at: ns) {
                var parts = [action]
                if case .batch(_, _, let actions) = action { parts = actions }
                for case .place(let id, let asset, let order) in parts {
                    guard told.placed[id] == nil else { return fail("\(id) sent twice") }
                    told.placed[id] = order.orderId
                    told.asset[order.orderId] = asset
                }
                venue.send(action, at: ns)
            }
            for answer in manager.takeAnswers() {
                if answer.order.executionId != 0 {
                    guard told.executions.insert(answer.order.executionId).inserted else { return fail("execution told twice") }
                    told.executed[answer.order.orderId, default: 0] += answer.order.executedQuantity
                    told.position[answer.asset] += answer.order.side == .buy ? answer.order.executedQuantity : -answer.order.executedQuantity
                }
                // A refused cancel or modify leaves the order as it was.
                if answer.order.request == .rejected && told.last[answer.order.orderId] != nil { continue }
                told.last[answer.order.orderId] = answer.order
            }
            return told.position == manager.positions ? nil : fail("position \(manager.positions), told \(told.position)")
        }

        func step(_ stepNs: Int64) -> String? {
            ns += stepNs
            for (_, message) in venue.run(to: ns) {
                switch message {
                case .report(let report): manager.report(report, at: ns)
                case .outcome(let outcome, let kind, let id): manager.outcome(outcome, of: kind, clientId: id, at: ns)
                case .queried(let order, let id): manager.queryAnswer(order, clientId: id, at: ns)
                case .openOrders(let list, let asset, let asked): manager.openOrders(list, asset: asset, askedNs: asked, at: ns)
                case .position(let quantity, let asset):
                    if let corrected = manager.position(quantity, asset: asset, at: ns) { told.position[asset] = corrected }
                }
                if let failure = collect() { return failure }
            }
            manager.tick(ns)
            return collect()
        }

        for _ in 0..<400 {
            let asset = random.below(2)
            switch random.below(10) {
            case 0..<3:
                var order = Order(
                    orderId: nextId, side: random.below(2) == 0 ? .buy : .sell, priceTick: Int64(random.below(20)), quantity: Double(1 + random.below(9)),
                    localNs: ns)
                order.request = .new
                nextId += 1
                manager.request(LiveRequest(kind: .submit, assetIndex: asset, order: order), at: ns)
            case 3..<6:
                let candidates = told.last.values.filter { $0.isCancellable }.sorted { $0.orderId < $1.orderId }
                guard !candidates.isEmpty else { break }
                var order = candidates[random.below(candidates.count)]
                let isModify = random.below(3) == 0
                order.request = isModify ? .replaced : .canceled
                order.localNs = ns
                if isModify { (order.priceTick, order.quantity) = (Int64(random.below(20)), Double(1 + random.below(9))) }
                manager.request(LiveRequest(kind: isModify ? .modify : .cancel, assetIndex: told.asset[order.orderId] ?? asset, order: order), at: ns)
            case 6..<8: venue.trade(at: ns)
            default: if random.below(8) == 0 { manager.startReconciliation(at: ns) }
            }
            if let failure = collect() ?? step(Int64(random.below(200)) * 1_000_000) { return failure }
            if !askedForKill && random.below(600) == 0 {
                manager.killEverything("test", at: ns)
                askedForKill = true
            }
        }
        // The faults end: within 60 seconds both sides must agree.
        venue.faults = .none
        for round in 0..<120 {
            if round % 6 == 0 { manager.startReconciliation(at: ns) }
            if let failure = collect() ?? step(500_000_000) { return failure }
        }
        if !venue.placedTwice.isEmpty { return fail("placed twice: \(venue.placedTwice)") }
        if manager.positions != venue.positions { return fail("position \(manager.positions), the venue has \(venue.positions)") }
        let open = venue.ids.filter { venue.books[$0]?.isOpen ?? false }.sorted()
        if manager.openClientIds.sorted() != open { return fail("open \(manager.openClientIds), the venue has \(open)") }
        for id in venue.ids {
            guard let book = venue.books[id], let number = told.placed[id] else { continue }
            if told.executed[number] ?? 0 != book.order.executed {
                return fail("order \(id): told \(told.executed[number] ?? 0), executed \(book.order.executed)")
            }
            if let last = told.last[number], book.isOpen != !(last.isInactive || last.request == .rejected && last.status == .none) {
                return fail("order \(id): open is \(book.isOpen), told \(last.status)")
            }
        }
        if askedForKill && (manager.killProvenNs == nil || !open.isEmpty) { return fail("a kill left \(open) open, proven \(manager.killProvenNs as Any)") }
        return nil
    }

    @Test func everyInterleavingEndsInAgreement() {
        let failures = (0..<400 as Range<UInt64>).compactMap { play(seed: $0) }
        #expect(failures.isEmpty, "\(failures.count) of 400; first: \(failures.first ?? "")")
    }
}
