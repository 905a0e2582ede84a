import HBTLive
import HBTTypes

/// What a run knew when it sent each order, and what it believes became of them: from its journal alone, without any of
/// the code that decided.
struct JournalWitness {
    /// A new order that left.
    struct Sent {
        /// Of the venue's client order ids.
        var number: UInt64
        var top: BookTop
        /// Venue time of the newest depth row.
        var exchangeNs: Int64
        /// Since that row was received.
        var ageNs: Int64
        /// Since that row happened.
        var lagNs: Int64
    }
    private(set) var runId = ""
    private(set) var sent: [Sent] = []
    /// By client order id: lots executed as booked.
    private(set) var executed: [String: Int64] = [:]
    /// Client order ids that the run was told are finished.
    private(set) var finished: Set<String> = []
    private var bids: [Int64: Int64] = [:]
    private var asks: [Int64: Int64] = [:]
    private var newest: MarketEvent?

    init(_ path: String) throws {
        let reader = try JournalReader(path)
        var nowNs = Int64.min
        // Requests of one step; a note behind them takes back those that were not sent.
        var asked: [(engineId: UInt64, sent: Sent)] = []
        var clientIds: [UInt64: String] = [:]
        func settle() {
            for request in asked {
                var order = request.sent
                order.number = UInt64(sent.count + 1)
                clientIds[request.engineId] = OrderIds(runId: runId).text(order.number)
                sent.append(order)
            }
            asked = []
        }
        while let entry = try reader.next() {
            switch entry {
            case .start(let start): runId = start.runId
            case .rows(_, let rows):
                settle()
                for row in rows { apply(row) }
            case .clock(let ns):
                settle()
                nowNs = ns
            case .request(.submit, _, let order):
                let row = newest
                asked.append((order.orderId, Sent(
                    number: 0, top: top, exchangeNs: row?.exchangeNs ?? .min, ageNs: row.map { nowNs - $0.localNs } ?? .max,
                    lagNs: row.map { nowNs - $0.exchangeNs } ?? .max)))
            case .note(_, let text):
                let words = text.split(separator: " ")
                if text.contains("was not sent"), words.count > 1, let id = UInt64(words[1]) { asked.removeAll { $0.engineId == id } }
            // Refused by ourselves at once: it never left.
            case .answer(_, let order, _, nowNs) where asked.contains { $0.engineId == order.orderId }: asked.removeAll { $0.engineId == order.orderId }
            case .answer(_, let order, _, _):
                settle()
                guard let id = clientIds[order.orderId] else { continue }
                if order.executionId != 0 { executed[id, default: 0] += Int64((order.executedQuantity / BookTop.lotSize).rounded()) }
                if [.filled, .canceled, .expired, .rejected].contains(order.status) || order.request == .rejected { finished.insert(id) }
            default: break
            }
        }
        settle()
    }

    private mutating func apply(_ row: MarketEvent) {
        let tick = row.price.isFinite ? Int64((row.price / BookTop.tickSize).rounded()) : 0
        let lots = Int64((row.quantity / BookTop.lotSize).rounded())
        let isBuy = row.has(EventFlags.buy)
        switch row.kind {
        case EventKind.depth, EventKind.depthSnapshot:
            newest = row
            if isBuy { bids[tick] = lots == 0 ? nil : lots } else { asks[tick] = lots == 0 ? nil : lots }
        case EventKind.depthClear:
            let isRanged = row.price.isFinite
            if isBuy { bids = isRanged ? bids.filter { $0.key < tick } : [:] } else { asks = isRanged ? asks.filter { $0.key > tick } : [:] }
        default: break
        }
    }

    private var top: BookTop {
        func levels(_ side: [Int64: Int64], _ isBefore: (Int64, Int64) -> Bool) -> [BookTop.Level] {
            side.keys.sorted(by: isBefore).prefix(BookTop.depth).map { .init(tick: $0, lots: side[$0] ?? 0) }
        }
        return BookTop(bids: levels(bids, >), asks: levels(asks, <))
    }
}
