import HBTLive
import HBTMarketData
import HBTTypes

/// A venue that takes orders, fills some by chance, and loses, repeats, delays and reorders what it says: the truth
/// that the order manager has to find.
final class SimulatedVenue {
    /// Chances in percent; 0 everywhere is a perfect venue.
    struct Faults {
        var lostRequest = 0
        var lostAnswer = 0
        var saysLost = 0
        var refusal = 0
        var limited = 0
        var droppedReport = 0
        var repeatedReport = 0
        var slowReport = 0
        static let none = Faults()
        static func wild(_ random: inout SeededRandom) -> Faults {
            Faults(
                lostRequest: random.below(12), lostAnswer: random.below(12), saysLost: random.below(6), refusal: random.below(8), limited: random.below(4),
                droppedReport: random.below(12), repeatedReport: random.below(15), slowReport: random.below(25))
        }
    }
    enum Message {
        case report(ExecutionReport)
        case outcome(RequestOutcome, RequestKind, String)
        case queried(VenueOrder?, String)
        case openOrders([VenueOrder], asset: Int, askedNs: Int64)
        case position(Double, asset: Int)
    }
    struct Book {
        var order: VenueOrder
        var trades: [ExecutionReport] = []
        var isOpen: Bool { order.status == .new || order.status == .partiallyFilled }
    }

    var faults = Faults.none
    private var random: SeededRandom
    private var arriving: [(ns: Int64, sequence: Int, action: OrderAction, sentNs: Int64)] = []
    private var leaving: [(ns: Int64, sequence: Int, message: Message)] = []
    private var sequence = 0
    /// In order of arrival.
    private(set) var ids: [String] = []
    private(set) var books: [String: Book] = [:]
    private(set) var positions: [Double]
    private(set) var placedTwice: [String] = []
    private var nextTrade: Int64 = 1

    init(assets: Int, seed: UInt64) {
        positions = Array(repeating: 0, count: assets)
        random = SeededRandom(seed: seed)
    }

    private func chance(_ percent: Int) -> Bool { random.below(100) < percent }
    private func latency() -> Int64 { 5_000_000 + Int64(random.below(60)) * 1_000_000 }

    /// An action goes on its way.
    func send(_ action: OrderAction, at ns: Int64) {
        if chance(faults.lostRequest) { return }
        sequence += 1
        arriving.append((ns + latency(), sequence, action, ns))
    }

    /// Everything up to `ns`: acts on what arrives, and hands over what reaches us, in order of time.
    func run(to ns: Int64) -> [(ns: Int64, message: Message)] {
        arriving.sort { ($0.ns, $0.sequence) < ($1.ns, $1.sequence) }
        while let next = arriving.first, next.ns <= ns {
            arriving.removeFirst()
            act(next.action, at: next.ns, sentNs: next.sentNs)
        }
        leaving.sort { ($0.ns, $0.sequence) < ($1.ns, $1.sequence) }
        var out: [(Int64, Message)] = []
        while let next = leaving.first, next.ns <= ns {
            leaving.removeFirst()
            out.append((next.ns, next.message))
        }
        return out
    }

    private func say(_ message: Message, at ns: Int64, extraNs: Int64 = 0) {
        sequence += 1
        leaving.append((ns + latency() + extraNs, sequence, message))
    }

    private func answer(_ outcome: RequestOutcome, _ kind: RequestKind, _ id: String, at ns: Int64) {
        if chance(faults.lostAnswer) { return }
        say(.outcome(chance(faults.saysLost) ? .lost : outcome, kind, id), at: ns)
    }

    private func report(_ kind: ExecutionReport.Kind, _ book: Book, at ns: Int64) {
        let order = book.order
        report(ExecutionReport(
            kind: kind, clientId: order.clientId, asset: order.asset, priceTick: order.priceTick, quantity: order.quantity, executed: order.executed,
            exchangeNs: ns), at: ns)
    }

    private func report(_ report: ExecutionReport, at ns: Int64) {
        if chance(faults.droppedReport) { return }
        say(.report(report), at: ns, extraNs: chance(faults.slowReport) ? Int64(random.below(3_000)) * 1_000_000 : 0)
        if chance(faults.repeatedReport) { say(.report(report), at: ns, extraNs: Int64(random.below(500)) * 1_000_000) }
    }

    private func act(_ action: OrderAction, at ns: Int64, sentNs: Int64) {
        switch action {
        case .place(let id, let asset, let order): place(id, asset, order, ns, sentNs)
        case .cancel(let id, _):
            guard var book = books[id], book.isOpen else { return answer(.unknownOrder, .cancel, id, at: ns) }
            if chance(faults.limited) { return answer(.limited(untilNs: ns + 300_000_000), .cancel, id, at: ns) }
            close(&book, ns)
            answer(.accepted(book.order), .cancel, id, at: ns)
        case .amend(let id, _, _, let tick, let quantity):
            guard var book = books[id], book.isOpen else { return answer(.unknownOrder, .amend, id, at: ns) }
            if chance(faults.refusal) || quantity <= book.order.executed { return answer(.refused("no"), .amend, id, at: ns) }
            (book.order.priceTick, book.order.quantity) = (tick, quantity)
            books[id] = book
            report(.amended, book, at: ns)
            answer(.accepted(book.order), .amend, id, at: ns)
        case .query(let id, _):
            if !chance(faults.lostAnswer) { say(.queried(books[id]?.order, id), at: ns) }
        case .queryTrades(let id, _):
            for trade in books[id]?.trades ?? [] where !chance(faults.lostAnswer) { say(.report(trade), at: ns) }
        case .cancelAll(let asset):
            for id in ids {
                guard var book = books[id], book.isOpen, book.order.asset == asset else { continue }
                close(&book, ns)
            }
        case .queryOpenOrders(let asset):
            if !chance(faults.lostAnswer) { say(.openOrders(openOrders(asset), asset: asset, askedNs: sentNs), at: ns) }
        case .countdown: break
        case .batch(_, _, let actions): for action in actions { act(action, at: ns, sentNs: sentNs) }
        case .queryPosition(let asset):
            if !chance(faults.lostAnswer) { say(.position(positions[asset], asset: asset), at: ns) }
        }
    }

    private func close(_ book: inout Book, _ ns: Int64) {
        book.order.status = .cancelled
        book.order.exchangeNs = ns
        books[book.order.clientId] = book
        report(.cancelled, book, at: ns)
    }

    func openOrders(_ asset: Int) -> [VenueOrder] { ids.compactMap { books[$0] }.filter { $0.isOpen && $0.order.asset == asset }.map(\.order) }

    private func place(_ id: String, _ asset: Int, _ order: Order, _ ns: Int64, _ sentNs: Int64) {
        if books[id] != nil {
            placedTwice.append(id)
            return answer(.refused("duplicate id"), .place, id, at: ns)
        }
        // recvWindow: what arrives too late is refused.
        if ns - sentNs > 5_000_000_000 || chance(faults.refusal) { return answer(.refused("no"), .place, id, at: ns) }
        if chance(faults.limited) { return answer(.limited(untilNs: ns + 300_000_000), .place, id, at: ns) }
        open(id, asset, order, ns)
    }

    /// Opens an order, our own or a stranger's.
    func open(_ id: String, _ asset: Int, _ order: Order, _ ns: Int64) {
        let book = Book(order: VenueOrder(
            clientId: id, asset: asset, side: order.side, status: .new, priceTick: order.priceTick, quantity: order.quantity, executed: 0, exchangeNs: ns))
        ids.append(id)
        books[id] = book
        report(.new, book, at: ns)
        answer(.accepted(book.order), .place, id, at: ns)
        if chance(15) { execute(id, at: ns) }
    }

    /// Something happens in the market: an open order may be filled, in part or whole.
    func trade(at ns: Int64) {
        let open = ids.filter { books[$0]?.isOpen ?? false }
        guard !open.isEmpty else { return }
        execute(open[random.below(open.count)], at: ns)
    }

    private func execute(_ id: String, at ns: Int64) {
        guard var book = books[id], book.isOpen else { return }
        let leaves = book.order.quantity - book.order.executed
        let quantity = leaves <= 1 || chance(40) ? leaves : Double(1 + random.below(Int(leaves)))
        book.order.executed += quantity
        book.order.status = book.order.executed >= book.order.quantity ? .filled : .partiallyFilled
        book.order.exchangeNs = ns
        positions[book.order.asset] += book.order.side == .buy ? quantity : -quantity
        let trade = ExecutionReport(
            kind: .trade, clientId: id, asset: book.order.asset, priceTick: book.order.priceTick, quantity: book.order.quantity,
            executed: book.order.executed, tradeId: nextTrade, tradeTick: book.order.priceTick, tradeQuantity: quantity, isMaker: true, exchangeNs: ns)
        nextTrade += 1
        book.trades.append(trade)
        books[id] = book
        report(trade, at: ns)
    }

    var tradeCount: Int64 { nextTrade - 1 }
}
