import HBTBinance
import HBTEngine
import HBTTypes

/// One symbol: its simulated matching engine, and what the public sees of it.
final class PaperBook {
    let rules: SymbolRules
    let settings: PaperSettings.Book
    let venue: SimulatedVenue
    var feed: FeedCursor
    /// Number of the last change of a level; every stream and snapshot counts by it.
    var updateId: Int64 = 1_000_000
    var trades = TradeLog()
    var candles = CandleSeries()
    /// One for each speed of depth stream that anyone has asked for.
    var depthWindows: [DepthWindow] = []
    /// Venue time of the last row.
    var lastRowNs: Int64 = 0
    /// What the last bookTicker said.
    var lastTop: DepthView?
    /// A copy of the book served in place of the present one while a fault lasts.
    var staleSnapshot: [UInt8]?

    init(_ settings: PaperSettings.Book) throws {
        self.settings = settings
        rules = settings.rules
        let size = Double(rules.contractSize)
        venue = try SimulatedVenue(spec: AssetSpec(
            symbol: rules.symbol, tickSize: rules.tick.size.double, lotSize: rules.lot.size.double,
            contract: rules.market == .coinMargined ? .inverse(size: size) : .linear(size: 1), queue: settings.queue, exchange: settings.exchange))
        venue.load(snapshot: settings.snapshot)
        feed = FeedCursor(settings.rows)
    }

    /// Last trade's price, else the middle of the book; nil while there is neither.
    var referencePrice: Double? {
        if let tick = trades.last?.tick { return Double(tick) * rules.tick.size.double }
        let depth = venue.depth
        return depth.isTwoSided ? depth.mid : nil
    }

    /// What positions are valued at: the middle of the book.
    var markPrice: Double {
        let depth = venue.depth
        return depth.isTwoSided ? depth.mid : referencePrice ?? 0
    }

    func level(_ tick: Int64, _ quantity: Double) -> WireLevel {
        WireLevel(price: rules.price(tick: tick), quantity: rules.quantity(lots: venue.lots(quantity)))
    }

    /// Value of lots at a price: quote currency, on COIN-M base currency.
    func value(lots: Int64, price: Double) -> Double {
        let quantity = Double(lots) * rules.lot.size.double
        return rules.market == .coinMargined ? (price > 0 ? quantity * Double(rules.contractSize) / price : 0) : quantity * price
    }

    /// What a market order to buy costs, walking the displayed levels; the last level's price for what is beyond them.
    func cost(ofBuying lots: Int64) -> Double {
        let tickSize = rules.tick.size.double
        var left = lots, sum = 0.0, price = 0.0
        for level in venue.asks(limit: 1000) where left > 0 {
            price = Double(level.tick) * tickSize
            let here = settings.exchange == .noPartialFill ? left : min(left, venue.lots(level.quantity))
            sum += value(lots: here, price: price)
            left -= here
        }
        return sum + value(lots: left, price: price)
    }

    func depthWindow(everyMs: Int64, at ns: Int64) -> Int {
        if let i = depthWindows.firstIndex(where: { $0.everyMs == everyMs }) { return i }
        depthWindows.append(DepthWindow(everyMs: everyMs, after: updateId, at: ns))
        return depthWindows.count - 1
    }
}

/// The changes of a book since a depth stream's last message.
struct DepthWindow {
    let everyMs: Int64
    /// Ticks that changed, as they came.
    var bids: [Int64] = [], asks: [Int64] = []
    /// The last message's final update id.
    var previousId: Int64
    var nextNs: Int64

    init(everyMs: Int64, after id: Int64, at ns: Int64) {
        self.everyMs = everyMs
        previousId = id
        nextNs = Self.boundary(after: ns, everyMs)
    }

    /// Messages fall on multiples of the interval.
    static func boundary(after ns: Int64, _ everyMs: Int64) -> Int64 {
        guard everyMs > 0 else { return .max }
        let step = everyMs * 1_000_000
        return (ns / step + 1) * step
    }

    var isEmpty: Bool { bids.isEmpty && asks.isEmpty }
}

/// The last trades, for REST and for streams.
struct TradeLog {
    struct Row {
        var id: Int64
        var tick: Int64
        var quantity: Double
        /// The taker bought.
        var isBuy: Bool
        var ns: Int64
        var ms: Int64 { ns / 1_000_000 }
    }

    /// Trades of one instant, side and price: what one taking order has hit.
    struct Aggregate {
        var id: Int64
        var firstId: Int64
        var lastId: Int64
        var row: Row
    }

    static let kept = 1000
    private(set) var rows: [Row] = []
    private(set) var aggregates: [Aggregate] = []
    private var nextId: Int64 = 1
    private var nextAggregateId: Int64 = 1

    var last: Row? { rows.last }

    mutating func add(tick: Int64, quantity: Double, isBuy: Bool, ns: Int64) -> Row {
        let row = Row(id: nextId, tick: tick, quantity: quantity, isBuy: isBuy, ns: ns)
        nextId += 1
        if rows.count >= 2 * Self.kept { rows.removeFirst(Self.kept) }
        rows.append(row)
        if let last = aggregates.last, last.row.tick == tick, last.row.isBuy == isBuy, last.row.ns == ns {
            aggregates[aggregates.count - 1].lastId = row.id
            aggregates[aggregates.count - 1].row.quantity += quantity
        } else {
            if aggregates.count >= 2 * Self.kept { aggregates.removeFirst(Self.kept) }
            aggregates.append(Aggregate(id: nextAggregateId, firstId: row.id, lastId: row.id, row: row))
            nextAggregateId += 1
        }
        return row
    }
}
