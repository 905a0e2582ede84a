import HBTEngine
import HBTMarketData
import HBTTypes
import Testing

/// Every node type against its slow twin on made-up markets: at every wave, at moments between
/// waves, with strategy steps and ticks in between.
struct FactorTwinTests {
    /// Lines of `nodes(_:)`; each group stands for a kind of node.
    static let groups: [(name: String, lines: String)] = [
        ("book", """
            mid:MidPrice(depth)
            mid2:MidPrice(best)
            micro:MicroPrice(best)
            vamp1:VAMP(depth) mode = "best"
            spread:Spread(depth)
            ticks:Spread(depth) unit = "ticks"
            bps:Spread(best) unit = "bps"
            """),
        ("depth", """
            bid:DepthSum(depth) side = "bid"; depth_pct = 0.005
            ask:DepthSum(depth) side = "ask"; depth_pct = 0.005
            far:DepthSum(depth) side = "ask"; depth_pct = 0.5
            bidT:DepthSum(depth) side = "bid"; depth_ticks = 5
            askT:DepthSum(depth) side = "ask"; depth_ticks = 7
            bidN:DepthSum(depth) side = "bid"; depth_notional = 9000.0
            askN:DepthSum(depth) side = "ask"; depth_notional = 25000.0
            obi:Difference(bid,ask)
            z:RollingZScore(obi) window = 20
            sum:Sum(bid,ask)
            """),
        ("ranges", """
            s3:StaticOBI(depth) levels = 3
            s1:StaticOBI(depth) levels = 1
            sp:StaticOBI(depth) depth_pct = 0.004
            w4:WeightedDepthPrice(depth) levels = 4
            wp:WeightedDepthPrice(depth) depth_pct = 0.003
            v3:VAMP(depth) mode = "n"; levels = 3
            vp:VAMP(depth) mode = "n"; depth_pct = 0.003
            e3:VAMP(depth) mode = "effective"; levels = 5
            ep:VAMP(depth) mode = "effective"; depth_pct = 0.005
            """),
        ("imbalance", """
            raw:OBI(depth) looking_depth = 0.004; output = "raw"
            z:OBI(depth) looking_depth = 0.004; window = 15
            zt:OBI(depth) looking_depth = 0.004; window = "3s"
            zs:OBI(depth) looking_depth = 0.004; window = 15; clock = "step"; ddof = 0; guard = 0.0
            """),
        ("flow", """
            buys:TradeVolumeFilter(trade) side = "buy"; window_ns = 700_000_000
            sells:TradeVolumeFilter(trade) side = "sell"; window = "1s"
            all:TradeVolumeFilter(trade) side = "both"; window = "1s"
            net:Difference(buys,sells)
            ratio:Ratio(buys,sells)
            imb:TradeImbalance(trade) window_ns = 2_000_000_000
            vwap:VWAP(trade) window = 12
            vwapT:VWAP(trade) window = "2s"
            ofi:OrderFlowImbalance(depth) window = 10
            ofiT:OrderFlowImbalance(best) window = "2s"
            ofiW:OrderFlowImbalance(depth) window = 10; clock = "wave"
            behind:RollingMean(imb) window = 8
            """),
        ("count windows", """
            mid:MidPrice(depth)
            micro:MicroPrice(depth)
            mean:RollingMean(mid) window = 9
            std:RollingStd(mid) window = 9
            std0:RollingStd(mid) window = 9; ddof = 0
            z:RollingZScore(mid) window = 7
            min:RollingMin(mid) window = 12
            max:RollingMax(micro) window = 12
            q:RollingQuantile(micro) window = 11; quantile = 0.3
            q1:RollingQuantile(mid) window = 80; quantile = 1
            skew:RollingSkew(micro) window = 13
            corr:RollingCorrelation(mid,micro) window = 10
            slope:RollingRegression(mid,micro) window = 10
            cut:RollingRegression(mid,micro) window = 10; output = "intercept"
            r2:RollingRegression(mid,micro) window = 10; output = "r2"
            rest:RollingRegression(mid,micro) window = 10; output = "residual"
            fit:RollingRegression(mid,micro) window = 10; output = "prediction"
            wins:Winsorise(micro) window = 20; lower = 0.1; upper = 0.8
            ema:EMA(mid) span = 5
            lag:Lag(mid) lag = 3
            behind:RollingStd(lag) window = 6
            """),
        ("time windows", """
            mid:MidPrice(depth)
            micro:MicroPrice(depth)
            mean:RollingMean(mid) window = "2s"
            std:RollingStd(mid) window = "2s"
            z:RollingZScore(micro) window = "1s"
            min:RollingMin(mid) window = "1500ms"
            max:RollingMax(micro) window = "900ms"
            q:RollingQuantile(micro) window = "5s"; quantile = 0.75
            skew:RollingSkew(micro) window = "3s"
            corr:RollingCorrelation(mid,micro) window = "2s"
            slope:RollingRegression(mid,micro) window = "2s"
            wins:Winsorise(micro) window = "2s"; lower = 0.25; upper = 0.75
            sum:TimeWindowSum(micro) window = "1s"
            ema:EMA(micro) half_life = "700ms"
            tau:EMA(mid) tau_ns = 300_000_000
            lag:Lag(mid) lag = "1s"
            behind:RollingMean(lag) window = 10
            after:RollingMean(sum) window = 10
            """),
        ("clocks", """
            second:TimerSource every = "1s"
            imb:TradeImbalance(trade) window = "1s"
            mid:MidPrice(depth)
            w:RollingMean(imb) window = 6; clock = "wave"
            s:RollingMean(imb) window = 6; clock = "step"
            e:RollingMean(imb) window = 6; every = "300ms"
            t:RollingZScore(mid,second) window = 6
            et:RollingStd(mid) window = "4s"; every = "500ms"
            lagE:Lag(imb) lag = 2; every = "700ms"
            emaS:EMA(imb) span = 4; clock = "step"
            minE:RollingMin(imb) window = "2s"; every = "250ms"
            sumE:TimeWindowSum(imb) window = "2s"; clock = "wave"
            corrE:RollingCorrelation(imb,mid) window = 8; every = "400ms"
            behind:RollingMean(e) window = 5
            both:Sum(s,e)
            behindS:RollingStd(both) window = 5
            part:Sum(e,imb)
            behindP:RollingMean(part) window = 5
            mixed:LinearCombine(s,imb,mid) weights = { s = 2.0, imb = -1.5, mid = 0.1 }
            behindM:RollingStd(mixed) window = 7
            """),
        ("returns", """
            mid:MidPrice(depth)
            r:Returns(mid) interval_ns = 600_000_000
            rd:Returns(depth) interval = "1s"
            v:Volatility(mid) interval = "500ms"; window = 10
            vd:Volatility(depth) interval = "500ms"; window = 10; ddof = 0
            std:RollingStd(r) window = 10
            lag:Lag(r) lag = 1
            vv:RollingMean(v) window = 5
            """),
        ("combinations", """
            mid:MidPrice(depth)
            log:Log(mid)
            imb:TradeImbalance(trade) window = "1s"
            s:StaticOBI(depth) levels = 2
            neg:Log(imb)
            clip:Clip(imb) min = -0.3; max = 0.5
            up:Clip(s) min = 0
            prod:Product(imb,s)
            sum:Sum(imb,s,clip)
            c:LinearCombine(imb,s) weights = { imb = 0.4, s = -0.3 }
            n:LinearCombine(s,imb) weights = { imb = 0.4, s = -3.0 }; normalize = true; constraints = { s = [-1, 1] }
            t:NonlinearCombine(imb,s) weights = { imb = 1.5, s = -0.7 }; interactions = [{ nodes = ["imb", "s"], weight = 2.0 }]
            g:NonlinearCombine(imb,s) weights = { imb = 1.5, s = 0.7 }; activation = "sigmoid"; bias = 0.1; gain = 3
            so:NonlinearCombine(imb) weights = { imb = 2 }; activation = "softsign"
            behind:RollingMean(c) window = 10
            """),
    ]

    @Test(arguments: groups.indices, [1, 2] as [UInt64])
    func everyNodeEqualsItsTwin(group: Int, seed: UInt64) throws {
        let market = FactorMarket(seed: seed * 100 + UInt64(group), waves: 260)
        let bench = try FactorBench(nodes(Self.groups[group].lines), rows: market.rows())
        var random = SeededRandom(seed: seed)
        var compared = 0
        while let ns = bench.wave() {
            // Reading is optional: what it gives later must not depend on it.
            guard random.uniform() < 0.8 else { continue }
            var now = ns
            for _ in 0..<3 {
                let difference = bench.difference(at: now)
                #expect(difference == nil, "\(Self.groups[group].name), wave at \(ns)")
                if difference != nil { return }
                compared += 1
                let end = bench.nextNs ?? ns + 3_000_000_000
                guard end - now > 2 else { break }
                now += 1 + Int64(random.below(Int(end - now - 1)))
                if random.uniform() < 0.3 { bench.step(now) }
            }
        }
        #expect(compared > 200)
    }

    @Test(arguments: [BookSpec.hash, .roi(lower: 500, upper: 1500)], [false, true])
    func bookNodesOnEitherBook(book: BookSpec, isOffGrid: Bool) throws {
        for group in [0, 1, 2] {
            var market = FactorMarket(seed: 77, waves: 200)
            market.isOffGrid = isOffGrid
            let bench = try FactorBench(nodes(Self.groups[group].lines), rows: market.rows(), book: book)
            while let ns = bench.wave() {
                // Off the grid a level is rounded to 2⁻⁴¹ lots, and which changes count differs.
                guard group != 1 || !isOffGrid else {
                    for id in bench.graph.columns where id != "z" {
                        let fast = bench.value(id, at: ns), wanted = bench.slow.read(id, ns)
                        #expect(abs(fast - wanted) <= 1e-9 * max(abs(wanted), 1e-2) || (fast.isNaN && wanted.isNaN), "\(id) at \(ns)")
                    }
                    continue
                }
                let difference = bench.difference(at: ns)
                #expect(difference == nil)
                if difference != nil { return }
            }
        }
    }
}
