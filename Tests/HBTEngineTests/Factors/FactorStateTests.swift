import HBTMarketData
import HBTTypes
import Testing

@testable import HBTEngine

/// A graph stopped anywhere and continued elsewhere goes on to the same bytes.
struct FactorStateTests {
    @Test(arguments: FactorTwinTests.groups.indices)
    func aRestoredGraphGoesOnAsTheOneItCameFrom(group: Int) throws {
        let text = nodes(FactorTwinTests.groups[group].lines)
        let rows = FactorMarket(seed: UInt64(group + 50), waves: 300).rows()
        var random = SeededRandom(seed: UInt64(group))
        let straight = try FactorBench(text, rows: rows)
        var cuts: [Int: Int] = [:]
        for _ in 0..<4 { cuts[random.below(290)] = 1 }
        var followers: [FactorBench] = []
        var wave = 0
        while let ns = straight.wave() {
            if wave % 7 == 0 { straight.step(ns + 10) }
            for follower in followers {
                follower.feed(upTo: ns)
                if wave % 7 == 0 { follower.graph.core.pointee.step(at: ns + 10) }
                #expect(follower.graph.digest(at: ns + 10) == straight.graph.digest(at: ns + 10))
            }
            if cuts[wave] != nil {
                // The book is the engine's to save; here it is played again.
                let follower = try FactorBench(text, rows: rows)
                follower.feed(upTo: ns)
                var input = StateReader(straight.encoded)
                try follower.graph.restore(from: &input)
                #expect(input.isAtEnd)
                #expect(follower.encoded == straight.encoded, "restored state encodes to the bytes it came from")
                followers.append(follower)
            }
            wave += 1
        }
        for follower in followers { #expect(follower.encoded == straight.encoded) }
        #expect(followers.count > 1)
    }

    @Test func stateOfAnotherGraphIsRefused() throws {
        let a = try FactorBench(nodes("m:MidPrice(depth)\nr:RollingMean(m) window = 5"), rows: [])
        let b = try FactorBench(nodes("m:MidPrice(depth)\nr:RollingMean(m) window = 6"), rows: [])
        var input = StateReader(a.encoded)
        #expect(throws: StateError.self) { try b.graph.restore(from: &input) }
        #expect(a.graph.fingerprint != b.graph.fingerprint)
        let again = try FactorBench(nodes("m:MidPrice(depth)\nr:RollingMean(m) window = 5"), rows: [])
        #expect(a.graph.fingerprint == again.graph.fingerprint)
    }

    @Test func damagedStateIsAnError() throws {
        let rows = FactorMarket(seed: 2, waves: 100).rows()
        for group in [1, 4, 5, 6] {
            let text = nodes(FactorTwinTests.groups[group].lines)
            let bench = try FactorBench(text, rows: rows)
            while bench.wave() != nil {}
            let bytes = bench.encoded
            var random = SeededRandom(seed: UInt64(group))
            for _ in 0..<40 {
                let cut = Array(bytes[..<random.below(bytes.count)])
                let fresh = try FactorBench(text, rows: rows)
                var input = StateReader(cut)
                #expect(throws: StateError.self) { try fresh.graph.restore(from: &input) }
            }
        }
    }

    @Test func changedWeightsAreState() throws {
        let text = nodes("m:MidPrice(depth)\nc:LinearCombine(m) weights = { m = 1 }")
        let rows = [Row.bid(1, 99, 1), Row.ask(1, 101, 1)]
        let a = try FactorBench(text, rows: rows), b = try FactorBench(text, rows: rows)
        a.feed(upTo: 1)
        b.feed(upTo: 1)
        let handle = try #require(a.graph.handle("c"))
        a.graph.setWeights(handle, [2])
        var input = StateReader(a.encoded)
        try b.graph.restore(from: &input)
        #expect(b.graph.weights(handle) == [2])
        #expect(b.value("c", at: 1) == 200)
    }
}
