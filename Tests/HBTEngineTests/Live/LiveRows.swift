import HBTTypes

@testable import HBTEngine

/// The two orders of a market: as it is received, and as a converted file has it.
struct LiveRows {
    /// In order of receipt.
    let received: [MarketEvent]
    /// Rows for one side each, every side in the order of its clock.
    let file: [MarketEvent]

    /// - Parameter disorderNs: how much later than its venue time a row may come, compared with its neighbours.
    init(_ rows: [MarketEvent], disorderNs: Int64, seed: UInt64) {
        var random = Dice(seed)
        let received = rows.sorted { $0.localNs < $1.localNs }.map { row in
            var row = row
            if disorderNs > 0 { row.exchangeNs -= random.int(0...disorderNs) }
            return row
        }
        self.received = received
        let exchange = received.filter { $0.has(EventFlags.exchange) }.sorted { $0.exchangeNs < $1.exchangeNs }
        let local = received.filter { $0.has(EventFlags.local) }
        file = exchange.map { Self.without(EventFlags.local, $0) } + local.map { Self.without(EventFlags.exchange, $0) }
    }

    private static func without(_ flag: UInt64, _ row: MarketEvent) -> MarketEvent {
        var row = row
        row.ev &= ~flag
        return row
    }
}

/// All rows of a source.
func allRows(_ source: any EventSource) throws -> [MarketEvent] {
    var rows: [MarketEvent] = []
    let block = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 1_000)
    defer { block.deallocate() }
    while true {
        let count = try source.read(into: block)
        if count == 0 { return rows }
        rows += block[..<count]
    }
}
