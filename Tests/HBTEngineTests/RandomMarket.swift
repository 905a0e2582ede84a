import HBTTypes

@testable import HBTEngine

/// A small random market and what a random trader does in it: few levels, few ids, coarse times, so
/// that everything meets everything.
struct RandomMarket {
    enum Step {
        case elapse(Int64)
        case submit(Side, UInt64, Double, Double, TimeInForce, OrderType)
        case cancel(UInt64)
        case modify(UInt64, Double, Double)
        case waitFeed(Bool, Int64)
        case waitResponse(UInt64, Int64)
        case clearInactive
    }
    let spec: AssetSpec
    let rows: [MarketEvent]
    let steps: [Step]
    let latency: [LatencyRow]?

    init(seed: UInt64, exchange: ExchangeModel? = nil) {
        var random = Dice(seed)
        let queues: [QueueModel] = [
            .riskAverse, .logProb, .logProb2, .powerProb(n: 2), .powerProb2(n: 2), .powerProb3(n: 3),
        ]
        let isInterpolated = random.chance(25)
        let entry: Int64 = random.pick([0, 10, 10, 25, -15])
        spec = AssetSpec(
            symbol: "TEST", tickSize: random.pick([1, 0.5, 0.1]), lotSize: random.pick([1, 0.25]),
            contract: random.pick([.linear(size: 1), .linear(size: 0.5), .inverse(size: 100)]),
            book: random.chance(50) ? .hash : .roi(lower: 0, upper: 400),
            latency: isInterpolated ? .interpolated(offsetNs: random.pick([0, 5])) : .constant(entryNs: entry, responseNs: random.pick([0, 10, 20])),
            queue: random.pick(queues), exchange: exchange ?? random.pick([.noPartialFill, .partialFill]),
            fee: FeeSpec(kind: random.pick([.tradingValue, .tradingQuantity, .flatPerTrade]), maker: -0.25, taker: 0.5))
        rows = Self.market(&random, spec, count: 120)
        steps = Self.trader(&random, spec, count: 90)
        latency = isInterpolated ? Self.roundTrips(&random) : nil
    }

    private static func market(_ random: inout Dice, _ spec: AssetSpec, count: Int) -> [MarketEvent] {
        var ns: Int64 = 1_000
        return (0..<count).map { _ in
            ns += random.pick([0, 0, 0, 5, 10, 10, 20, 40])
            let isBuy = random.chance(50)
            let side = isBuy ? EventFlags.buy : EventFlags.sell
            var tick = 100 + (isBuy ? random.int(-4...0) : random.int(0...4))
            if random.chance(20) { tick = 100 + random.int(-5...5) }
            var quantity = Double(random.int(1...12)) * spec.lotSize
            let kind: UInt8
            var price = Double(tick) * spec.tickSize
            switch random.int(0...99) {
            case 0..<60:
                kind = random.chance(80) ? EventKind.depth : EventKind.depthSnapshot
                if random.chance(25) { quantity = 0 }
            case 60..<92:
                kind = EventKind.trade
                price = Double(100 + random.int(-4...4)) * spec.tickSize
                if random.chance(15) { quantity *= 0.4 }
            case 92..<98:
                kind = EventKind.depthClear
                if random.chance(30) { price = .nan }
            default:
                kind = EventKind.depthBBO
            }
            let flags = random.chance(95) ? EventFlags.exchange | EventFlags.local : random.pick([EventFlags.exchange, EventFlags.local])
            return MarketEvent(ev: flags | side | UInt64(kind), exchangeNs: ns, localNs: ns + 10, price: price, quantity: quantity)
        }
    }

    private static func trader(_ random: inout Dice, _ spec: AssetSpec, count: Int) -> [Step] {
        var steps: [Step] = [.elapse(0)]
        while steps.count < count {
            let id = UInt64(random.int(1...6))
            let price = Double(100 + random.int(-4...4)) * spec.tickSize
            let quantity = Double(random.int(1...9)) * spec.lotSize
            switch random.int(0...99) {
            case 0..<35: steps.append(.elapse(random.pick([0, 5, 10, 20, 40])))
            case 35..<66:
                steps.append(.submit(
                    random.chance(50) ? .buy : .sell, id, price, quantity, random.pick([.gtc, .gtc, .gtc, .gtx, .ioc, .fok]),
                    random.chance(10) ? .market : .limit))
            case 66..<76: steps.append(.cancel(id))
            case 76..<87: steps.append(.modify(id, price, quantity))
            case 87..<91: steps.append(.waitFeed(random.chance(50), 30))
            case 91..<94: steps.append(.waitResponse(id, 30))
            default: steps.append(.clearInactive)
            }
        }
        return steps
    }

    private static func roundTrips(_ random: inout Dice) -> [LatencyRow] {
        var ns: Int64 = 900
        return (0..<20).map { _ in
            ns += random.int(20...150)
            let acted = ns + random.int(0...30)
            let isRejected = random.chance(30)
            return LatencyRow(requestNs: ns, exchangeNs: isRejected ? 0 : acted, responseNs: acted + random.int(0...40))
        }
    }

    func backtest(_ mode: Compatibility, source: (any EventSource)? = nil) throws -> Backtest {
        try Backtest(
            assets: [AssetInput(
                spec: spec, events: source ?? ArrayEventSource(rows), latencyRows: latency.map { ArrayLatencySource([$0]) })],
            compatibility: mode)
    }
}

extension RandomMarket.Step {
    @discardableResult
    func perform(on backtest: Backtest) -> ReturnCode {
        switch self {
        case .elapse(let ns): return backtest.elapse(ns)
        case .submit(let side, let id, let price, let quantity, let tif, let type):
            return backtest.submit(
                asset: 0, side: side, orderId: id, price: price, quantity: quantity, timeInForce: tif, type: type)
        case .cancel(let id): return backtest.cancel(asset: 0, orderId: id)
        case .modify(let id, let price, let quantity):
            return backtest.modify(asset: 0, orderId: id, price: price, quantity: quantity)
        case .waitFeed(let includes, let ns): return backtest.waitNextFeed(includesResponses: includes, timeoutNs: ns)
        case .waitResponse(let id, let ns): return backtest.waitOrderResponse(asset: 0, orderId: id, timeoutNs: ns)
        case .clearInactive:
            backtest.clearInactiveOrders()
            return .ok
        }
    }

    /// A call that moves time: its code must never be an order's.
    var movesTime: Bool {
        switch self {
        case .elapse, .waitFeed, .waitResponse: true
        default: false
        }
    }
}
