import HBTEngine
import HBTExchangeServer
import HBTTypes

/// The best levels of a book, in ticks and lots.
struct BookTop: Hashable, CustomStringConvertible {
    struct Level: Hashable {
        var tick: Int64
        var lots: Int64
    }
    static let depth = 5, tickSize = 0.1, lotSize = 0.001
    var bids: [Level]
    var asks: [Level]

    var description: String {
        func text(_ levels: [Level]) -> String { levels.map { "\($0.lots)@\($0.tick)" }.joined(separator: " ") }
        return "\(text(bids)) | \(text(asks))"
    }
}

/// The book that the paper exchange has had, played from its data without it.
struct MarketTruth {
    /// By millisecond of the venue's clock: the book after each row in it. A message of depth at full speed ends between two
    /// rows, also within an instant (where a trade comes between, or a level changes twice).
    private(set) var tops: [Int64: Set<BookTop>] = [:]

    /// - Parameter startNs: venue time of the first row.
    init(seed: UInt64, startNs: Int64, seconds: Int64) throws {
        let rows = try HBTExchangeServer.BookSpec("usdm:BTCUSDT").rows(seed: seed)
        let venue = try SimulatedVenue(spec: AssetSpec(symbol: "BTCUSDT", tickSize: BookTop.tickSize, lotSize: BookTop.lotSize))
        let buffer = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 4_096)
        defer { buffer.deallocate() }
        var first: Int64?
        while true {
            let count = try rows.read(into: buffer)
            guard count > 0 else { return }
            for row in buffer.prefix(count) where row.has(EventFlags.exchange) {
                let firstNs = first ?? row.exchangeNs
                first = firstNs
                guard row.exchangeNs - firstNs < seconds * 1_000_000_000 else { return }
                venue.apply(row)
                note(venue, ns: startNs + row.exchangeNs - firstNs)
            }
        }
    }

    private mutating func note(_ venue: SimulatedVenue, ns: Int64) {
        func levels(_ found: [(tick: Int64, quantity: Double)]) -> [BookTop.Level] { found.map { .init(tick: $0.tick, lots: venue.lots($0.quantity)) } }
        tops[ns / 1_000_000, default: []].insert(BookTop(bids: levels(venue.bids(limit: BookTop.depth)), asks: levels(venue.asks(limit: BookTop.depth))))
    }
}
