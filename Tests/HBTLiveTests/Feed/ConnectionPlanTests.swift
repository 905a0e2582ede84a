import Testing

@testable import HBTLive

struct ConnectionPlanTests {
    private let second: Int64 = 1_000_000_000

    @Test func aConnectionIsReplacedBeforeTheVenueEndsIt() {
        var plan = ConnectionPlan(backoff: Backoff(seed: 1))
        #expect(plan.tick(0) == [.connect(id: 1)])
        plan.opened(1, at: second)
        let day = 24 * 3_600 * second
        var overlap = false, ns = second
        while ns < day {
            ns += 10 * second
            for line in [1, 2] { plan.message(on: line, at: ns) }
            for action in plan.tick(ns) {
                switch action {
                case .connect(let id):
                    #expect(id == 2)
                    plan.opened(2, at: ns)
                    overlap = plan.connectionCount == 2
                case .close(let id):
                    #expect(id == 1)
                    #expect(ns < day)
                }
            }
        }
        #expect(overlap && plan.connectionCount == 1 && plan.isOpen)
    }

    @Test func failuresWaitLongerEachTimeAndTheSameEachRun() {
        func waits() -> [Int64] {
            var plan = ConnectionPlan(backoff: Backoff(firstNs: second, mostNs: 16 * second, seed: 7))
            var ns: Int64 = 0, waits: [Int64] = [], failedNs: Int64?
            while waits.count < 10 {
                if case .connect(let id)? = plan.tick(ns).first {
                    if let failedNs { waits.append(ns - failedNs) }
                    plan.closed(id, at: ns)
                    failedNs = ns
                }
                ns += second / 100
            }
            return waits
        }
        let first = waits()
        #expect(first == waits())
        for (i, wait) in first.enumerated() {
            let whole = min(second << Int64(i), 16 * second)
            #expect(wait >= whole / 2 && wait <= whole + second / 50)
        }
        #expect(Set(first.suffix(4)).count > 1, "jitter")
    }

    @Test func silenceIsDeath() {
        var plan = ConnectionPlan(backoff: Backoff(firstNs: second, seed: 1))
        _ = plan.tick(0)
        plan.opened(1, at: 0)
        #expect(plan.tick(59 * second).isEmpty)
        #expect(plan.tick(60 * second) == [.close(id: 1)])
        #expect(!plan.isOpen)
        #expect(plan.tick(62 * second) == [.connect(id: 2)])
        #expect(plan.tick(72 * second) == [.close(id: 2)], "it never opened")
    }
}
