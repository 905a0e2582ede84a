import HBTTypes
import Testing

@testable import HBTLive

struct RiskGateTests {
    private let limits = RiskLimits(maxPositionValue: 1_000, maxOrderValue: 500, maxLoss: 50, maxOpenOrders: 3, ordersPerSecond: 2, priceBand: 0.1)

    private func view(
        position: Double = 0, buys: Double = 0, sells: Double = 0, count: Int = 0, mid: Double = 100, fault: FeedHealth.Fault? = nil,
        contract: ContractSpec = .linear(size: 1)
    ) -> RiskView {
        RiskView(
            spec: AssetSpec(symbol: "T", tickSize: 1, lotSize: 1, contract: contract), position: position, openBuys: buys, openSells: sells, openOrders: count,
            mid: mid, feedFault: fault, orderLatencyNs: 0)
    }

    private func order(_ side: Side = .buy, _ quantity: Double = 1, _ tick: Int64 = 100) -> Order {
        Order(orderId: 1, side: side, priceTick: tick, quantity: quantity)
    }

    private func refusal(_ order: Order, _ view: RiskView, replaced: Double = 0, killed: Bool = false) -> RiskRefusal? {
        var gate = RiskGate(limits)
        return gate.refusal(order, replaced: replaced, view, isKilled: killed, at: 0)
    }

    @Test func everyLimitRefusesAndNothingElseDoes() {
        #expect(refusal(order(), view()) == nil)
        #expect(refusal(order(), view(), killed: true) == .killed)
        #expect(refusal(order(), view(fault: .notSynchronised)) == .feed(.notSynchronised))
        #expect(refusal(order(), view(mid: .nan)) == .noPrice)
        #expect(refusal(order(.buy, 1, 110), view()) == nil)
        #expect(refusal(order(.buy, 1, 111), view()) == .priceBand(price: 111, mid: 100))
        #expect(refusal(order(.buy, 5), view()) == nil)
        #expect(refusal(order(.buy, 6), view()) == .orderValue(600, limit: 500))
        #expect(refusal(order(.buy, 5), view(position: 3, buys: 2)) == nil)
        #expect(refusal(order(.buy, 5), view(position: 3, buys: 3)) == .positionValue(1_100, limit: 1_000))
        #expect(refusal(order(.buy, 5), view(position: 3, buys: 3), replaced: 3) == nil)
        #expect(refusal(order(.sell, 5), view(position: 12)) == nil, "the way back is open")
        #expect(refusal(order(.sell, 5), view(position: -6)) == .positionValue(1_100, limit: 1_000))
        #expect(refusal(order(), view(count: 3)) == .openOrders(limit: 3))
        // 1 contract of 100 at a price of 100 is worth 1 unit of the base currency.
        #expect(refusal(order(.buy, 501), view(contract: .inverse(size: 100))) == .orderValue(501, limit: 500))
    }

    @Test func ordersPerSecondCountOnlyWhatWentOut() {
        var gate = RiskGate(limits)
        var times: [Int64] = []
        for ns in stride(from: 0 as Int64, to: 3_000_000_000, by: 100_000_000)
        where gate.refusal(order(), view(), isKilled: false, at: ns) == nil { times.append(ns / 100_000_000) }
        #expect(times == [0, 1, 10, 11, 20, 21])
    }

    @Test func lossIsMeasuredFromTheStartAndNotFromCorrections() {
        var loss = LossLimit(50, assets: 2)
        #expect(loss.loss(1_000, asset: 0) == nil)
        #expect(loss.loss(.nan, asset: 0) == nil)
        #expect(loss.loss(960, asset: 0) == nil)
        loss.rebase(5_000, asset: 0)
        #expect(loss.loss(5_000, asset: 0) == nil)
        #expect(loss.loss(0, asset: 1) == nil)
        #expect(loss.loss(-11, asset: 1) == 51)
    }

    @Test func theDeadMansSwitchIsRenewedInTime() {
        var dead = DeadMansSwitch(spanNs: 3_000_000_000, assets: 2)
        var renewals: [Int64] = []
        for ns in stride(from: 0 as Int64, through: 3_000_000_000, by: 100_000_000) where !dead.tick(ns).isEmpty { renewals.append(ns / 100_000_000) }
        #expect(renewals == [0, 10, 20, 30])
        #expect(dead.off() == [.countdown(asset: 0, milliseconds: 0), .countdown(asset: 1, milliseconds: 0)])
    }

    private func table(_ entries: [(String, SettingValue)], _ path: String) -> SettingsTable {
        SettingsTable(
            entries.enumerated().map { .init(key: $1.0, value: $1.1, location: SourceLocation(file: "s.toml", line: $0 + 10)) }, path: path,
            location: SourceLocation(file: "s.toml", line: 9))
    }

    private func fault(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch { return "\(error)" }
    }

    @Test func settingsAreReadAndMistakesNamed() throws {
        let money: [(String, SettingValue)] = [("max_position_value", .double(100)), ("max_order_value", .integer(10)), ("max_loss", .double(5))]
        #expect(try RiskLimits.read(table(money, "risk")) == RiskLimits(maxPositionValue: 100, maxOrderValue: 10, maxLoss: 5))
        #expect(fault { _ = try RiskLimits.read(table([], "risk")) } == "s.toml:9: risk.max_position_value is missing")
        #expect(fault { _ = try RiskLimits.read(table(money + [("max_los", .double(1))], "risk")) }
            == "s.toml:13: unknown setting risk.max_los; did you mean max_loss?")
        #expect(fault { _ = try RiskLimits.read(table(money + [("stale_feed", .string("0s"))], "risk")) } == "s.toml:13: risk.stale_feed must be longer than 0")
        let venue = try VenueSettings.read(table([("market", .string("spot")), ("key_file", .string("k"))], "venue"), folder: "/x")
        #expect(venue.keyFile == "/x/k" && venue.market.depthRule == .spot && venue.endpoint == .production)
        #expect(fault { _ = try VenueSettings.read(table([("market", .string("usdm"))], "venue"), folder: "") }
            == "s.toml:10: venue.market = \"usdm\" is not known; did you mean \"usd-m\"? (one of spot, usd-m, coin-m)")
        #expect(fault { _ = try VenueSettings.read(table([("market", .string("spot")), ("endpoint", .string("custom"))], "venue"), folder: "") }
            == "s.toml:11: venue.endpoint = \"custom\" needs venue.rest = \"https://…\"")
    }

    @Test func theWayOfOrdersIsReadAndMistakesNamed() throws {
        func venue(_ market: String, _ more: [(String, SettingValue)]) throws -> VenueSettings {
            try VenueSettings.read(table([("market", .string(market))] + more, "venue"), folder: "")
        }
        let plain = try venue("usd-m", [])
        #expect(plain.orderEntry == .rest && !plain.isBatching && plain.orderStream == nil)
        #expect(try venue("usd-m", [("batch", .bool(true))]).isBatching)
        #expect(try venue("spot", [("order_entry", .string("websocket"))]).orderEntry == .websocket)
        #expect(fault { _ = try venue("usd-m", [("order_entry", .string("websockets"))]) }
            == "s.toml:11: venue.order_entry = \"websockets\" is not known; did you mean \"websocket\"? (one of rest, websocket)")
        #expect(fault { _ = try venue("spot", [("batch", .bool(true))]) } == "s.toml:11: venue.batch = true: spot has no batches of orders; remove it")
        #expect(fault { _ = try venue("usd-m", [("batch", .bool(true)), ("order_entry", .string("websocket"))]) }
            == "s.toml:11: venue.batch = true: the WebSocket API has no batches; write order_entry = \"rest\", or remove it")
        #expect(fault { _ = try venue("usd-m", [("order_stream", .string("wss://x"))]) }
            == "s.toml:11: venue.order_stream belongs to endpoint = \"custom\"; remove one of them")
    }
}
