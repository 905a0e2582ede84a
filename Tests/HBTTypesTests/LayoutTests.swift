import HBTTypes
import Testing

/// Rows are read from and written to files as they lie in memory: sizes and offsets are the file format.
@Suite struct LayoutTests {
    @Test func marketEvent() {
        #expect(MemoryLayout<MarketEvent>.size == 64 && MemoryLayout<MarketEvent>.stride == 64)
        #expect([
            MemoryLayout<MarketEvent>.offset(of: \.ev), MemoryLayout<MarketEvent>.offset(of: \.exchangeNs),
            MemoryLayout<MarketEvent>.offset(of: \.localNs), MemoryLayout<MarketEvent>.offset(of: \.price),
            MemoryLayout<MarketEvent>.offset(of: \.quantity), MemoryLayout<MarketEvent>.offset(of: \.orderId),
            MemoryLayout<MarketEvent>.offset(of: \.ival), MemoryLayout<MarketEvent>.offset(of: \.fval),
        ] == [0, 8, 16, 24, 32, 40, 48, 56])
    }

    @Test func recordRow() {
        #expect(MemoryLayout<RecordRow>.size == 64 && MemoryLayout<RecordRow>.stride == 64)
        #expect([
            MemoryLayout<RecordRow>.offset(of: \.timestampNs), MemoryLayout<RecordRow>.offset(of: \.price),
            MemoryLayout<RecordRow>.offset(of: \.position), MemoryLayout<RecordRow>.offset(of: \.balance),
            MemoryLayout<RecordRow>.offset(of: \.fee), MemoryLayout<RecordRow>.offset(of: \.numTrades),
            MemoryLayout<RecordRow>.offset(of: \.tradingVolume), MemoryLayout<RecordRow>.offset(of: \.tradingValue),
        ] == [0, 8, 16, 24, 32, 40, 48, 56])
    }

    @Test func latencyRow() {
        #expect(MemoryLayout<LatencyRow>.size == 32 && MemoryLayout<LatencyRow>.stride == 32)
        #expect([
            MemoryLayout<LatencyRow>.offset(of: \.requestNs), MemoryLayout<LatencyRow>.offset(of: \.exchangeNs),
            MemoryLayout<LatencyRow>.offset(of: \.responseNs), MemoryLayout<LatencyRow>.offset(of: \.padding),
        ] == [0, 8, 16, 24])
    }

    /// HftBacktest's values (semantics: flags and types).
    @Test func eventFlags() {
        #expect([EventFlags.exchange, EventFlags.local, EventFlags.buy, EventFlags.sell] == [1 << 31, 1 << 30, 1 << 29, 1 << 28])
        let kinds = [
            EventKind.depth, EventKind.trade, EventKind.depthClear, EventKind.depthSnapshot, EventKind.depthBBO,
            EventKind.addOrder, EventKind.cancelOrder, EventKind.modifyOrder, EventKind.fill,
        ]
        #expect(kinds == [1, 2, 3, 4, 5, 10, 11, 12, 13])
        let extras = [EventKind.indexPrice, EventKind.markPrice, EventKind.fundingRate, EventKind.bestBid, EventKind.bestAsk]
        #expect(extras == [100, 101, 102, 103, 104])
    }

    @Test func kindAndFlagsOfARow() {
        let row = MarketEvent(ev: EventFlags.exchange | EventFlags.buy | 0x101, exchangeNs: 0, localNs: 0, price: 1, quantity: 1)
        #expect(row.kind == EventKind.depth)
        #expect(row.has(EventFlags.exchange))
        #expect(row.has(EventFlags.exchange | EventFlags.buy))
        #expect(!row.has(EventFlags.exchange | EventFlags.sell))
    }

    /// HftBacktest's numbers for what an order is and how it stands.
    @Test func orderWords() {
        #expect([Side.buy, .sell, .none, .unsupported].map(\.rawValue) == [1, -1, 0, 127])
        #expect([OrderType.limit, .market, .unsupported].map(\.rawValue) == [0, 1, 255])
        #expect([TimeInForce.gtc, .gtx, .fok, .ioc, .unsupported].map(\.rawValue) == [0, 1, 2, 3, 255])
        let statuses: [OrderStatus] = [.none, .new, .expired, .filled, .canceled, .partiallyFilled, .rejected, .replaced, .unsupported]
        #expect(statuses.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 6, 7, 255])
    }
}
