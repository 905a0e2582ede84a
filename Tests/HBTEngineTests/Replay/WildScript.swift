import HBTMarketData
import HBTTypes
@testable import HBTEngine

/// A random script played on a backtest, with all that can be seen after every call.
struct WildScript {
    var steps = 150
    let lowestTick: Int
    let tickSpan: Int
    private var random: SeededRandom
    private var nextId: UInt64 = 1

    init(seed: UInt64, lowestTick: Int, tickSpan: Int) {
        random = SeededRandom(seed: seed)
        self.lowestTick = lowestTick
        self.tickSpan = tickSpan
    }

    /// One line a call: what it answered and what the world looks like.
    mutating func play(_ backtest: Backtest) -> [String] { playSteps(steps, backtest) + end(backtest) }

    mutating func playSteps(_ steps: Int, _ backtest: Backtest) -> [String] {
        var lines: [String] = []
        backtest.keepsFills = true
        for _ in 0..<steps {
            let asset = random.below(backtest.assetCount)
            let price = Double(lowestTick - 3 + random.below(tickSpan + 6)) / 10
            let middle = Double(lowestTick + tickSpan / 2 + random.below(9) - 4) / 10
            let quantity = Double(1 + random.below(20)) / 10
            let id = UInt64(1 + random.below(Int(nextId)))
            let action = random.below(14)
            let code: ReturnCode
            switch action {
            case 0...3:
                code = backtest.elapse(Int64(random.below(900)))
            case 4:
                code = backtest.waitNextFeed(includesResponses: random.below(2) == 0, timeoutNs: Int64(random.below(700)))
            case 5:
                code = backtest.waitOrderResponse(asset: asset, orderId: id, timeoutNs: Int64(random.below(700)))
            case 6...9:
                let tifs: [TimeInForce] = [.gtc, .gtc, .gtx, .gtx, .ioc, .fok]
                code = backtest.submit(
                    asset: asset, side: random.below(2) == 0 ? .buy : .sell, orderId: nextId, price: random.below(4) == 0 ? price : middle,
                    quantity: quantity, timeInForce: tifs[random.below(6)], type: random.below(12) == 0 ? .market : .limit,
                    wait: random.below(10) == 0)
                nextId += 1
            case 10, 11:
                code = backtest.cancel(asset: asset, orderId: id, wait: random.below(8) == 0)
            case 12:
                code = backtest.modify(asset: asset, orderId: id, price: random.below(2) == 0 ? price : middle, quantity: quantity)
            default:
                if random.below(2) == 0 { backtest.clearInactiveOrders() } else { backtest.clearLastTrades() }
                code = .ok
            }
            lines.append("\(action) \(code) " + view(backtest, &random))
        }
        return lines
    }

    mutating func end(_ backtest: Backtest) -> [String] {
        ["end \(backtest.goToEnd()) " + view(backtest, &random)]
            + backtest.takeFills(isFinal: true).map { "\($0)" } + [backtest.digest.hex]
    }

    private func view(_ backtest: Backtest, _ random: inout SeededRandom) -> String {
        var text = "now \(backtest.nowNs)"
        for asset in 0..<backtest.assetCount {
            let tick = Int64(lowestTick - 5 + random.below(tickSpan + 10))
            let other = Int64(lowestTick - 5 + random.below(tickSpan + 10))
            let replay = backtest.assets[asset]
            text += " | \(backtest.depth(asset)) \(backtest.state(asset)) \(backtest.orders(asset))"
            text += " \(String(describing: backtest.feedLatency(asset))) \(String(describing: backtest.orderLatency(asset)))"
            text += " \(backtest.lastTrades(asset)) \(backtest.bidQuantity(asset, atTick: tick)) \(backtest.askQuantity(asset, atTick: tick))"
            text += " \(replay.sumBids(from: min(tick, other), upTo: max(tick, other))) \(replay.sumAsks(from: min(tick, other), upTo: max(tick, other)))"
        }
        return text
    }
}
