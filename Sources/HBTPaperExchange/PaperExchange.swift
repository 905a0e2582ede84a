import HBTBinance
import HBTTypes

/// The simulated exchange behind the venue's protocol, without sockets: time, requests and frames go in,
/// answers and frames come out. Two exchanges given the same calls answer the same bytes.
///
/// Time is the venue's clock; a call with an earlier time than the one before is taken at that one's.
public final class PaperExchange {
    let settings: PaperSettings
    var books: [PaperBook] = []
    var accounts: [PaperAccount]
    /// By account, then by book.
    var positions: [[BookPositions]]
    /// All open orders, and the last closed ones.
    var orders: [Int64: PaperOrder] = [:]
    /// Oldest first.
    var openOrders: [Int64] = []
    var closedOrders: [Int64] = []
    /// Open orders that wait for their trigger, oldest first.
    var conditional: [Int64] = []
    var fills: [PaperFill] = []
    /// Order lists of spot, oldest first.
    var lists: [PaperOrderList] = []
    var nextListId: Int64 = 1
    var nextOrderId: Int64 = 1
    var nextFillId: Int64 = 1
    var nextKey: UInt64 = 0
    var nextFundingMs: Int64
    var fundings: [PaperFunding] = []
    /// When what rate was paid, at which mark price, by book.
    var fundingRates: [(book: Int, timeMs: Int64, mark: Double)] = []
    /// Cancel-all by the dead-man's switch: account, book, when.
    var countdowns: [(account: Int, book: Int, dueNs: Int64)] = []

    var connections: [ConnectionID: Connection] = [:]
    /// Open connections, oldest first.
    var connectionOrder: [ConnectionID] = []
    var nextConnection = 1
    var outbox: [OutgoingFrame] = []
    /// Frames held back by a fault.
    var held: [(dueNs: Int64, frame: OutgoingFrame)] = []

    var limits = RateLimits()
    var faults: FaultSource
    var bannedUntilMs: Int64 = 0
    /// A fault's step of the clock that clients are shown.
    var clockStepMs: Int64 = 0

    public internal(set) var nowNs: Int64
    private let dataStartNs: Int64
    private var nextTickNs: Int64

    static let tickNs: Int64 = 50_000_000
    static let keptOrders = 10_000
    static let keptLists = 1000

    /// - Throws: when a book's tick or lot size is none, and when its data cannot be read from the start.
    public init(_ settings: PaperSettings) throws {
        self.settings = settings
        for book in settings.books { books.append(try PaperBook(book)) }
        accounts = settings.accounts.map { PaperAccount($0, funds: settings.funds) }
        positions = settings.accounts.map { _ in settings.books.map { _ in BookPositions() } }
        faults = FaultSource(settings.faults)
        nowNs = settings.clock.venueStartNs
        nextFundingMs = settings.funding.nextMs(after: settings.clock.venueStartNs / 1_000_000)
        nextTickNs = DepthWindow.boundary(after: nowNs, Self.tickNs / 1_000_000)
        let first = books.compactMap { $0.feed.peek()?.exchangeNs }.min()
        dataStartNs = settings.clock.dataStartNs ?? first ?? 0
        if let failure = dataFailure { throw failure }
        // Rows of the first instant, as a rule a snapshot, are there from the start.
        play(upTo: nowNs)
    }

    /// Lets time pass: rows are played, orders filled, streams published.
    public func advance(to ns: Int64) {
        while true {
            let row = nextRowNs
            let next = min(row, nextTickNs)
            guard next <= ns else { break }
            nowNs = max(nowNs, next)
            if row <= nextTickNs { play(upTo: row) } else { tick() }
        }
        nowNs = max(nowNs, ns)
        releaseHeld()
    }

    /// Venue time of the next row of data; `.max` at the end of all data.
    public var nextRowNs: Int64 {
        var next = Int64.max
        for book in books {
            if let row = book.feed.peek() { next = min(next, settings.clock.venueNs(row.exchangeNs, start: dataStartNs)) }
        }
        return next
    }

    public var hasEnded: Bool { nextRowNs == .max }

    /// Why a book's data could not be read further.
    public var dataFailure: (any Error)? { books.compactMap { $0.feed.failure }.first }

    /// What goes out to the sockets, in order; each frame is handed out once.
    public func takeFrames() -> [OutgoingFrame] {
        defer { outbox.removeAll(keepingCapacity: true) }
        return outbox
    }

    var nowMs: Int64 { nowNs / 1_000_000 }
    /// The clock that clients see and are judged by.
    var shownMs: Int64 { nowMs &+ clockStepMs &+ behindNs / 1_000_000 }
    /// How far the data are behind the clock on a machine that cannot keep up: the venue is late, its clock is not.
    public var behindNs: Int64 = 0

    /// Plays the rows that are due, book by book; a book's rows of one instant belong together.
    private func play(upTo ns: Int64) {
        for index in books.indices {
            let book = books[index]
            var trades: [TradeLog.Row] = []
            var hasRows = false
            while let row = book.feed.peek(), settings.clock.venueNs(row.exchangeNs, start: dataStartNs) <= ns {
                book.feed.advance()
                hasRows = true
                if book.isOutOfTurn(row, after: trades) {
                    publishRows(book: index, trades: trades)
                    trades.removeAll(keepingCapacity: true)
                }
                if let trade = book.apply(row, at: max(ns, book.lastRowNs)) { trades.append(trade) }
                takeAnswers(book: index)
            }
            if hasRows {
                fireTriggers(book: index)
                publishRows(book: index, trades: trades)
            }
        }
    }

    private func tick() {
        let now = nextTickNs
        nextTickNs = now &+ Self.tickNs
        publishTimed(at: now)
        if nowMs >= nextFundingMs { payFunding() }
        liquidate()
        if now % 1_000_000_000 == 0 {
            expireKeys()
            runCountdowns()
            pingConnections()
        }
        if now % 60_000_000_000 == 0 { drawMinuteFaults() }
        releaseHeld()
    }

    func book(_ market: VenueMarket, _ symbol: String) -> Int? {
        books.firstIndex { $0.rules.market == market && $0.rules.symbol == symbol }
    }

    static func index(_ market: VenueMarket) -> Int { VenueMarket.allCases.firstIndex(of: market) ?? 0 }
}
