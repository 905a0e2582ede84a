import HBTBinance
import HBTMarketData
import Testing

@testable import HBTPaperExchange

@Suite struct RobustnessTests {
    /// Whatever a client sends, money is neither made nor lost, and nothing crashes.
    @Test(arguments: [UInt64(1), 2, 3]) func hostileRequests(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let words = [
            "symbol=BTCUSDT", "symbol=", "side=BUY", "side=SELL", "type=LIMIT", "type=MARKET", "timeInForce=GTC", "timeInForce=IOC", "timeInForce=FOK",
            "timeInForce=GTX", "price=50000", "price=50000.1", "price=49999.5", "price=-1", "price=1e9", "price=99999999999999999999", "quantity=0.01",
            "quantity=2", "quantity=0", "quantity=9223372036854775807", "orderId=1", "orderId=7", "orderId=-9223372036854775808", "origClientOrderId=a",
            "newClientOrderId=a", "reduceOnly=true", "limit=0", "limit=-5", "limit=99999999999", "countdownTime=1", "leverage=50", "interval=1m",
            "batchOrders=%5B%7B%22symbol%22%3A1%7D%5D", "batchOrders=%5B", "orderIdList=%5B1%2C2%5D", "startTime=-1",
            "quoteOrderQty=100", "newOrderRespType=RESULT",
        ]
        let names = [
            "order", "order", "order", "order", "batchOrders", "openOrders", "allOpenOrders", "allOrders", "account", "balance", "positionRisk", "userTrades",
            "myTrades", "leverage", "countdownCancelAll", "depth", "klines", "listenKey", "order/cancelReplace", "order/test", "exchangeInfo", "ticker/24hr",
        ]
        for market in VenueMarket.allCases {
            var parameters = MarketParameters()
            parameters.startPrice = 50_000
            parameters.startNs = 0
            parameters.durationNs = 60_000_000_000
            let client = try PaperClient(market, source: try MarketGenerator(parameters), limits: false)
            let user = try client.userStream()
            var statuses: [Int: Int] = [:]
            for step in 0..<900 {
                if step % 20 == 0 { client.wait(toMs: Int64(step) * 30) }
                var query = words.indices.filter { _ in random.below(4) == 0 }.map { words[$0] }
                if random.below(3) > 0 { query.insert("symbol=\(client.symbol)", at: 0) }
                let method = ["GET", "POST", "PUT", "DELETE"][random.below(4)]
                let reply = try client.signed(method, names[random.below(names.count)], query.joined(separator: "&"), inBody: random.below(2) == 0)
                statuses[reply.status, default: 0] += 1
                _ = try JSONValue.parse(reply.body)
            }
            #expect(statuses[200, default: 0] > 40 && statuses[400, default: 0] > 40)
            for event in try client.messages(user) where event["id"] == nil { _ = try UserEvent(event) }
            try check(client)
        }
    }

    private func check(_ client: PaperClient) throws {
        let exchange = client.exchange
        for id in exchange.openOrders { #expect(exchange.orders[id]?.isOpen == true) }
        let fees = exchange.fills.reduce(into: [String: Int64]()) { $0[$1.commissionAsset, default: 0] += $1.commission.units }
        let wallet = exchange.accounts[0].wallets[PaperExchange.index(client.market)]
        if client.market == .spot {
            let held = exchange.openOrders.compactMap { exchange.orders[$0] }
            for (asset, isBuy) in [("USDT", true), ("BTC", false)] {
                #expect(wallet[asset].locked.units == held.filter { $0.isBuy == isBuy }.reduce(0) { $0 + $1.held.units })
            }
            let bought = exchange.fills.reduce(0.0) { $0 + ($1.side == .buy ? 1 : -1) * $1.quantity.double }
            let total = wallet["BTC"].free.double + wallet["BTC"].locked.double + Double(fees["BTC", default: 0]) / 1e8
            #expect(abs(total - 2 - bought) < 1e-6)
        } else {
            let asset = client.market == .coinMargined ? "BTC" : "USDT"
            let realized = exchange.fills.reduce(Int64(0)) { $0 + $1.realized.units }
            let start: Int64 = client.market == .coinMargined ? 200_000_000 : 10_000_000_000_000
            #expect(wallet[asset].free.units == start + realized - fees[asset, default: 0])
            let lots = exchange.fills.reduce(0.0) { $0 + ($1.side == .buy ? 1 : -1) * $1.quantity.double }
            let position = exchange.positions[0][0][.both]
            #expect(abs(lots - Double(position.lots) * exchange.books[0].rules.lot.size.double) < 1e-9)
        }
    }

    @Test func theSameCallsGiveTheSameBytes() throws {
        func run() throws -> [UInt8] {
            var parameters = MarketParameters()
            parameters.startPrice = 50_000
            parameters.startNs = 0
            parameters.durationNs = 20_000_000_000
            let client = try PaperClient(.usdMargined, source: try MarketGenerator(parameters))
            _ = try client.userStream()
            _ = try client.open("/stream?streams=btcusdt@depth@0ms/btcusdt@bookTicker/btcusdt@kline_1m/!markPrice@arr")
            var out: [UInt8] = []
            for step in 1...40 {
                client.wait(toMs: Int64(step) * 250)
                let side = step % 2 == 0 ? "BUY" : "SELL"
                let order = "symbol=BTCUSDT&side=\(side)&type=LIMIT&timeInForce=GTC&price=50000&quantity=0.01"
                out += try client.signed("POST", "order", order).body
                for frame in client.exchange.takeFrames() { if case .text(let bytes) = frame.content { out += bytes } }
            }
            return out
        }
        let first = try run()
        #expect(first.count > 50_000)
        #expect(try run() == first)
    }

    @Test func candlesStartWhereTheyShould() {
        #expect(KlineInterval.month1.start(ofMs: 1_709_251_199_999) == 1_706_745_600_000)
        #expect(KlineInterval.month1.start(ofMs: 1_709_251_200_000) == 1_709_251_200_000)
        #expect(KlineInterval.month1.end(ofMs: 1_706_745_600_000) == 1_709_251_200_000)
        #expect(KlineInterval.week1.start(ofMs: 1_709_251_200_000) == 1_708_905_600_000)
        #expect(KlineInterval.minute5.start(ofMs: 1_709_251_499_999) == 1_709_251_200_000)
    }
}
