import HBTEngine
import HBTTypes
import Testing

/// The conventions that change numbers, one test each. Times are small nanoseconds.
struct FactorConventionTests {
    private func bench(_ lines: String, _ rows: [MarketEvent], book: BookSpec = .hash) throws -> FactorBench {
        try FactorBench(nodes(lines), rows: rows, tickSize: 1, lotSize: 0.1, book: book)
    }

    /// Values of one node after each wave.
    private func values(_ lines: String, _ id: String, _ rows: [MarketEvent]) throws -> [Double] {
        let bench = try bench(lines, rows)
        var all: [Double] = []
        while let ns = bench.wave() { all.append(bench.value(id, at: ns)) }
        return all
    }

    @Test func aMessageIsAtomic() throws {
        // The ask moves away and comes back within one local time: nobody sees it gone.
        let rows = [
            Row.bid(1, 99, 1), Row.ask(1, 101, 1), Row.ask(2, 101, 0), Row.ask(2, 103, 1), Row.ask(2, 101, 1), Row.bid(3, 100, 1), Row.ask(3, 102, 2),
            Row.ask(3, 101, 0),
        ]
        #expect(try values("mid:MidPrice(depth)\nmean:RollingMean(mid) window = 10", "mid", rows) == [100, 100, 101])
        #expect(try values("mid:MidPrice(depth)\nmean:RollingMean(mid) window = 10", "mean", rows) == [100, 100, 100.5])
    }

    @Test func onlyChangesCountAsUpdates() throws {
        // 100, 100 (sizes alone changed), 102, 102 (a trade): two updates.
        let rows = [Row.bid(1, 99, 1), Row.ask(1, 101, 1), Row.bid(2, 99, 3), Row.ask(3, 101, 0), Row.ask(3, 105, 1), Row.buy(4, 105, 1)]
        #expect(try values("mid:MidPrice(depth)\nmean:RollingMean(mid) window = 10", "mean", rows) == [100, 100, 101, 101])
    }

    @Test func returnsAndLagsCountAtEverySample() throws {
        var rows = [Row.bid(0, 99, 1), Row.ask(0, 101, 1)]
        for ns in 1...4 { rows.append(Row.other(Int64(ns) * 10)) }
        // Four returns of 0, all equal; a mean of them has four samples and is warm.
        let bench = try bench("r:Returns(depth) interval_ns = 10\nmean:RollingMean(r) window = 4\nlag:Lag(r) lag = 1\nback:RollingMean(lag) window = 3", rows)
        while let ns = bench.wave() { #expect(bench.isWarm("mean", at: ns) == (ns == 40)) }
        #expect(bench.isWarm("back", at: 40))
        #expect(bench.value("mean", at: 40) == 0)
    }

    @Test func quantitiesAreHeldInLots() throws {
        // 0.3 − 0.1 and 0.4 − 0.2 differ in floating point; no change is seen.
        let rows = [
            Row.bid(1, 99, 0.3), Row.ask(1, 101, 0.1), Row.bid(2, 99, 0.4), Row.ask(2, 101, 0.2), Row.bid(3, 99, 0.5), Row.ask(3, 101, 0.3),
        ]
        let lines = """
            b:DepthSum(depth) side = "bid"; depth_pct = 0.1
            a:DepthSum(depth) side = "ask"; depth_pct = 0.1
            d:Difference(b,a)
            n:RollingMean(d) window = 2
            """
        let bench = try bench(lines, rows)
        while let ns = bench.wave() { #expect(bench.value("d", at: ns) == 0.2) }
        #expect(!bench.isWarm("n", at: 3), "one update, not three")
    }

    @Test(arguments: [3, 4, 5, 6, 7] as [Int])
    func readingDisturbsNothing(group: Int) throws {
        let text = nodes(FactorTwinTests.groups[group].lines)
        let rows = FactorMarket(seed: UInt64(group), waves: 300).rows()
        let read = try FactorBench(text, rows: rows), unread = try FactorBench(text, rows: rows)
        while let ns = read.wave() {
            _ = unread.wave()
            for id in read.graph.columns { _ = read.value(id, at: ns + 50_000) }
        }
        let end = rows[rows.count - 1].localNs + 1
        #expect(read.graph.digest(at: end) == unread.graph.digest(at: end))
    }

    @Test func timeWindowsKeepWhatIsAsOldAsTheWindow() throws {
        let bench = try bench("v:TradeVolumeFilter(trade) side = \"buy\"; window_ns = 10", [Row.buy(100, 5, 2), Row.sell(103, 5, 1), Row.buy(105, 5, 1)])
        while bench.wave() != nil {}
        for (ns, wanted) in [(105, 3.0), (110, 3), (111, 1), (115, 1), (116, 0)] { #expect(bench.value("v", at: Int64(ns)) == wanted, "\(ns)") }
    }

    @Test func timeWindowsExpireAtWavesOfAnyKind() throws {
        // The mean behind the volume sees 3, then 0 at the depth row: expiry is an update.
        let rows = [Row.buy(100, 5, 3), Row.other(105), Row.bid(200, 4, 1)]
        let lines = "v:TradeVolumeFilter(trade) side = \"buy\"; window_ns = 10\nm:RollingMean(v) window = 5"
        #expect(try values(lines, "m", rows) == [3, 3, 1.5])
    }

    @Test func nodesBehindSeeAnExpiryAtTheNextWave() throws {
        let lines = "v:TradeVolumeFilter(trade) side = \"buy\"; window_ns = 10\nm:RollingMean(v) window = 5\nd:Sum(v)"
        let bench = try bench(lines, [Row.buy(100, 5, 3), Row.other(300)])
        #expect(bench.wave() == 100)
        #expect(bench.value("v", at: 200) == 0)
        #expect(bench.value("d", at: 200) == 0, "arithmetic reads its inputs")
        #expect(bench.value("m", at: 200) == 3, "history waits for the wave")
        #expect(bench.wave() == 300)
        #expect(bench.value("m", at: 300) == 1.5)
    }

    @Test func whatHangsOnATickTakesItsInputsAsReadThen() throws {
        // At the tick of 150 the volume of 100 has expired, though no wave has seen it.
        let lines = """
            v:TradeVolumeFilter(trade) side = "buy"; window_ns = 10
            e:RollingMean(v) window = 1; every = "50ns"
            s:Sum(e,v)
            m:RollingMean(s) window = 2
            """
        let bench = try bench(lines, [Row.buy(100, 5, 3), Row.buy(151, 5, 3)])
        #expect(bench.wave() == 100)
        #expect(bench.value("m", at: 100) == 6)
        #expect(bench.value("m", at: 150) == 3, "of 6 and 0, not of 6 and 3")
        // The volume is 3 again, as the wave before saw it: the sum is another all the same.
        #expect(bench.wave() == 151)
        #expect(bench.value("s", at: 151) == 3)
        #expect(bench.value("m", at: 151) == 1.5)
    }

    @Test func partialWindowsGiveValues() throws {
        let rows = [Row.bid(1, 99, 1), Row.ask(1, 101, 1), Row.ask(2, 101, 0), Row.ask(2, 105, 1)]
        let lines = "mid:MidPrice(depth)\nm:RollingMean(mid) window = 3\ns:RollingStd(mid) window = 3\nz:RollingZScore(mid) window = 3"
        let bench = try bench(lines, rows)
        _ = bench.wave()
        #expect(bench.value("m", at: 1) == 100)
        #expect(bench.value("s", at: 1) == 0 && bench.value("z", at: 1) == 0)
        _ = bench.wave()
        #expect(bench.value("m", at: 2) == 101)
        #expect(abs(bench.value("s", at: 2) - 2.0.squareRoot()) < 1e-15)
        #expect(!bench.isWarm("m", at: 2) && bench.isWarm("mid", at: 2))
    }

    @Test func undefinedIsNotPushed() throws {
        // 100, undefined, 102: the mean of two.
        let rows = [Row.bid(1, 99, 1), Row.ask(1, 101, 1), Row.ask(2, 101, 0), Row.ask(3, 105, 1)]
        let lines = """
            mid:MidPrice(depth)
            m:RollingMean(mid) window = 3
            sum:DepthSum(depth) side = "bid"; depth_pct = 0.5
            c:LinearCombine(m,mid) weights = { m = 1, mid = 1 }
            """
        let bench = try bench(lines, rows)
        _ = bench.wave()
        _ = bench.wave()
        #expect(bench.value("mid", at: 2).isNaN && bench.value("sum", at: 2).isNaN)
        #expect(bench.value("m", at: 2) == 100)
        #expect(bench.value("c", at: 2).isNaN, "a combination with an undefined input is undefined")
        _ = bench.wave()
        #expect(bench.value("m", at: 3) == 101)
    }

    @Test func withoutDataStatisticsAreZeroAndValuesUndefined() throws {
        let lines = """
            mid:MidPrice(depth)
            micro:MicroPrice(depth)
            imb:TradeImbalance(trade) window = "1s"
            vol:Volatility(depth) interval = "1s"; window = 3
            std:RollingStd(mid) window = 3
            skew:RollingSkew(mid) window = 3
            corr:RollingCorrelation(mid,micro) window = 3
            slope:RollingRegression(mid,micro) window = 3
            mean:RollingMean(mid) window = 3
            min:RollingMin(mid) window = 3
            q:RollingQuantile(mid) window = 3; quantile = 0.5
            r:Returns(depth) interval = "1s"
            vwap:VWAP(trade) window = 3
            """
        let bench = try bench(lines, [Row.other(1)])
        for id in bench.graph.columns { #expect(bench.value(id, at: 0).isNaN, "\(id) before the first wave") }
        _ = bench.wave()
        for id in ["imb", "vol", "std", "skew", "corr", "slope"] { #expect(bench.value(id, at: 1) == 0, "\(id)") }
        for id in ["mid", "mean", "min", "q", "r", "vwap"] { #expect(bench.value(id, at: 1).isNaN, "\(id)") }
    }

    @Test func windowsTakeSamplesByTheirClock() throws {
        let lines = """
            mid:MidPrice(depth)
            update:RollingMean(mid) window = 100
            wave:RollingMean(mid) window = 100; clock = "wave"
            step:RollingMean(mid) window = 100; clock = "step"
            every:RollingMean(mid) window = 100; every = "10ns"
            """
        // Mid 100 at 5 and 12, 200 from 27 on.
        let rows = [Row.bid(5, 99, 1), Row.ask(5, 101, 1), Row.other(12), Row.ask(27, 101, 0), Row.ask(27, 301, 1), Row.other(31)]
        let bench = try bench(lines, rows)
        while let ns = bench.wave() { if ns == 12 { bench.step(13) } }
        // 10 and 20 saw 100, 30 saw 200.
        #expect(bench.value("every", at: 39) == 400.0 / 3)
        bench.step(40)
        #expect(bench.value("update", at: 40) == 150)
        #expect(bench.value("wave", at: 40) == 150)
        #expect(bench.value("step", at: 40) == 150)
        #expect(bench.value("every", at: 40) == 150)
    }

    @Test func aTickAtTheTimeOfAWaveComesAfterIt() throws {
        let rows = [Row.bid(10, 99, 1), Row.ask(10, 101, 1), Row.ask(20, 101, 0), Row.ask(20, 301, 1)]
        let bench = try bench("mid:MidPrice(depth)\ne:RollingMax(mid) window = 9; every = \"10ns\"", rows)
        _ = bench.wave()
        #expect(bench.value("e", at: 19) == 100)
        _ = bench.wave()
        #expect(bench.value("e", at: 20) == 200)
    }

    @Test func standardDeviationsTakeTheirDegreesOfFreedom() throws {
        let rows = [Row.bid(1, 99, 1), Row.ask(1, 101, 1), Row.ask(2, 101, 0), Row.ask(2, 105, 1)]
        let lines = "mid:MidPrice(depth)\na:RollingStd(mid) window = 9\nb:RollingStd(mid) window = 9; ddof = 0"
        #expect(try values(lines, "a", rows)[1] == 2.0.squareRoot())
        #expect(try values(lines, "b", rows)[1] == 1)
    }

    @Test func scoresOfNarrowWindowsAreZero() throws {
        let rows = [Row.bid(1, 99, 1), Row.ask(1, 101, 1), Row.ask(2, 101, 0), Row.ask(2, 105, 1)]
        let lines = """
            mid:MidPrice(depth)
            a:RollingZScore(mid) window = 9
            b:RollingZScore(mid) window = 9; guard = 2.0
            c:RollingZScore(mid) window = 9; guard = 0; ddof = 0
            """
        #expect(abs(try values(lines, "a", rows)[1] - 1 / 2.0.squareRoot()) < 1e-15)
        #expect(try values(lines, "b", rows)[1] == 0)
        #expect(try values(lines, "c", rows)[0].isNaN, "without a guard 0/0 is what it is")
    }

    @Test func depthEndsBeforeTheEdges() throws {
        // Mid 100, 10 %: asks up to but excluding 110, bids down to but excluding 90.
        var rows: [MarketEvent] = []
        for price in [89, 90, 91, 99] { rows.append(Row.bid(1, Double(price), 1)) }
        for price in [101, 109, 110, 111] { rows.append(Row.ask(1, Double(price), 2)) }
        let lines = "b:DepthSum(depth) side = \"bid\"; depth_pct = 0.1\na:DepthSum(depth) side = \"ask\"; depth_pct = 0.1"
        #expect(try values(lines, "b", rows) == [2])
        let wanted = 2 * Double(Int((100 * (1 + 0.1) / 1.0).rounded(.down)) - 109 + 1)
        #expect(try values(lines, "a", rows) == [wanted], "110 lies at 110.00000000000001, whose floor is 110")
    }

    @Test func returnsAreSampledAtTheFirstWaveThatFindsThemDue() throws {

        var rows = [Row.bid(0, 99, 1), Row.ask(0, 101, 1)]
        rows += [Row.ask(7, 101, 0), Row.ask(7, 121, 1)]
        rows.append(Row.buy(25, 121, 1))
        rows.append(Row.other(34))
        rows.append(Row.other(35))
        // Samples at 0 (100), 25 (110), 35 (110): the one due at 10 is taken at 25, the next is due at 35.
        let all = try values("r:Returns(depth) interval_ns = 10", "r", rows)
        #expect(all[0].isNaN && all[1].isNaN)
        #expect(all[2] == 110.0 / 100 - 1)
        #expect(all[3] == all[2])
        #expect(all[4] == 0)
    }

    @Test func formulasAtTheirEdges() throws {
        let lines = """
            buy:TradeVolumeFilter(trade) side = "buy"; window = "1s"
            sell:TradeVolumeFilter(trade) side = "sell"; window = "1s"
            ratio:Ratio(buy,sell)
            log:Log(sell)
            n:LinearCombine(buy,ratio) weights = { buy = 3, ratio = -0.5 }; constraints = { buy = [0, 1.5] }; normalize = true
            """
        let bench = try bench(lines, [Row.buy(1, 5, 2)])
        _ = bench.wave()
        #expect(bench.value("ratio", at: 1) == 0)
        #expect(bench.value("log", at: 1).isNaN)
        let handle = try #require(bench.graph.handle("n"))
        #expect(bench.graph.weights(handle) == [0.75, -0.25])
        #expect(bench.value("n", at: 1) == 1.5)
    }

    @Test func weightsChangeWhileRunning() throws {
        let lines = "buy:TradeVolumeFilter(trade) side = \"buy\"; window = \"1s\"\nc:LinearCombine(buy) weights = { buy = 1 }\nm:RollingMean(c) window = 5"
        let bench = try bench(lines, [Row.buy(1, 5, 2), Row.other(9)])
        _ = bench.wave()
        let handle = try #require(bench.graph.handle("c"))
        #expect(bench.graph.setWeights(handle, [3]))
        #expect(bench.value("c", at: 2) == 6)
        #expect(bench.value("m", at: 2) == 2)
        _ = bench.wave()
        #expect(bench.value("m", at: 9) == 4)
        #expect(!bench.graph.setWeights(handle, [1, 2]) && !bench.graph.setWeights(handle, [.nan]))
    }

    @Test func orderFlowIsMeasuredBetweenWaves() throws {
        // Bid up to 100 (+4), then 1 less there (−1), then the ask down to 101 with 2 (−2).
        let rows = [
            Row.bid(1, 99, 3), Row.ask(1, 102, 5), Row.bid(2, 100, 4), Row.bid(3, 100, 3), Row.ask(4, 101, 2), Row.other(5), Row.bid(6, 100, 0),
        ]
        // The bid at 100 goes: −3.
        let sums: [Double] = [0, 4, 3, 1, 1, -2]
        let found = try values("f:OrderFlowImbalance(depth) window = \"1s\"", "f", rows)
        for (a, b) in zip(found, sums) { #expect(abs(a - b) < 1e-12) }
        // By count the wave without a change is no update.
        let two = try values("f:OrderFlowImbalance(depth) window = 2", "f", rows)
        for (a, b) in zip(two, [0, 4, 3, -3, -3, -5] as [Double]) { #expect(abs(a - b) < 1e-12) }
        let waves = try values("f:OrderFlowImbalance(depth) window = 2; clock = \"wave\"", "f", rows)
        for (a, b) in zip(waves, [0, 4, 3, -3, -2, -3] as [Double]) { #expect(abs(a - b) < 1e-12) }
    }

    @Test func timeDecayedAveragesDecayOnReading() throws {
        let rows = [Row.buy(0, 5, 1), Row.buy(1000, 5, 1)]
        let bench = try bench("v:TradeVolumeFilter(trade) side = \"buy\"; window = \"1s\"\ne:EMA(v) tau_ns = 1000", rows)
        while bench.wave() != nil {}
        // At 1000 nothing of the new value yet; then towards it.
        #expect(bench.value("e", at: 1000) == 1)
        #expect(abs(bench.value("e", at: 2000) - (2 - Slow.exp(-1))) < 1e-12)
    }
}
