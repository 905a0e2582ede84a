import HBTBinance
import HBTMarketData
import Testing

@testable import HBTPaperExchange

@Suite struct FaultTests {
    private func plan(_ switches: String...) -> FaultPlan {
        var plan = FaultPlan()
        for text in switches { #expect(plan.set(text) == nil) }
        return plan
    }

    private func run(_ plan: FaultPlan) throws -> [OutgoingFrame] {
        var parameters = MarketParameters()
        parameters.startPrice = 50_000
        parameters.startNs = 0
        parameters.durationNs = 20_000_000_000
        let client = try PaperClient(.usdMargined, source: try MarketGenerator(parameters), faults: plan)
        _ = try client.open("/stream?streams=btcusdt@depth@100ms/btcusdt@trade")
        client.wait(toMs: 15_000)
        return client.exchange.takeFrames()
    }

    @Test func faultsMayChangeWhileItRuns() throws {
        let client = try PaperClient()
        #expect(client.get("ping").status == 200)
        #expect(client.exchange.faultPlan.rates.isEmpty)
        client.exchange.faultPlan.rates[.failure] = 1
        #expect(client.get("ping").status >= 500)
        client.exchange.faultPlan.rates = [:]
        #expect(client.get("ping").status == 200)
        let id = try client.open("/ws/btcusdt@depth")
        _ = client.exchange.takeFrames()
        client.exchange.disconnectAll()
        #expect(client.exchange.takeFrames() == [OutgoingFrame(connection: id, content: .close(1006))])
    }

    @Test func equalSeedsEqualFrames() throws {
        let faulty = plan("drop=0.1", "duplicate=0.1", "reorder=0.1", "delay=0.1", "gap=0.05", "seed=9")
        let first = try run(faulty), second = try run(faulty), clean = try run(FaultPlan())
        #expect(first == second)
        #expect(first != clean && first.count > 50)
        var other = faulty
        other.seed = 10
        #expect(try run(other) != first)
    }

    @Test func gapsBreakTheChain() throws {
        func breaks(_ frames: [OutgoingFrame]) throws -> Int {
            var last: Int64?
            var count = 0
            for frame in frames {
                guard case .text(let bytes) = frame.content, let data = try JSONValue.parse(bytes)["data"], let id = data["pu"]?.integer else { continue }
                if let last, id != last { count += 1 }
                last = data["u"]?.integer
            }
            return count
        }
        #expect(try breaks(try run(FaultPlan())) == 0)
        #expect(try breaks(try run(plan("gap=0.1"))) > 2)
    }

    @Test func disconnectsCloseTheConnection() throws {
        let frames = try run(plan("disconnect=0.02"))
        #expect(frames.last?.content == .close(1006))
        let aged = try run(plan("lifeS=5"))
        #expect(aged.last?.content == .close(1001))
    }

    @Test func requestsMeetTheirFaults() throws {
        func status(_ text: String) throws -> Int { try PaperClient(faults: plan(text)).get("ping").status }
        #expect(try status("throttle=1") == 429)
        #expect(try status("ban=1") == 418)
        #expect(try status("failure=1") == 500)
        let order = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&price=49999&quantity=0.01"
        let rejecting = try PaperClient(faults: plan("reject=1"))
        #expect(try rejecting.code(try rejecting.signed("POST", "order", order)) == -2010)
        for (text, there) in [("lost=1", 0), ("unanswered=1", 1)] {
            let client = try PaperClient(faults: plan(text))
            #expect(try client.signed("POST", "order", order).isLost)
            #expect(try client.json(try client.signed("GET", "openOrders")).elements?.count == there)
        }
        let stepped = try PaperClient(faults: plan("clock=1", "clockMs=3000"))
        stepped.wait(toMs: 120_000)
        #expect(try stepped.json(stepped.get("time")).integer("serverTime") == stepped.nowMs + 3000)
    }

    @Test func badSwitchesSayWhy() {
        var plan = FaultPlan()
        #expect(plan.set("drop")?.contains("name=value") == true)
        #expect(plan.set("drop=2")?.contains("between 0 and 1") == true)
        #expect(plan.set("drip=0.1")?.contains("there is no fault drip") == true)
        #expect(plan.set("seed=x")?.contains("whole number") == true)
    }
}
