import HBTConfig
import HBTEngine
import HBTTypes
import Testing

/// Mistakes in a graph's definition, each with its line and what to write instead.
struct FactorRefusalTests {
    private func message(_ text: String) -> String {
        do {
            let root = try SettingsFile.parse(text: text, file: "g.toml")
            guard let definition = try FactorDefinition.read(root) else { return "no graph" }
            try root.finish()
            _ = try FactorGraph(definition, assets: [AssetSpec(symbol: "A", tickSize: 1, lotSize: 1)])
            return "accepted"
        } catch {
            return "\(error)"
        }
    }

    /// The graph's lines are followed by the node from line 12 on.
    private func node(_ text: String) -> String {
        message("""
            [graph]
            name = "test"
            symbol = "A"
            [[nodes]]
            id = "depth"
            type = "DepthSource"
            [[nodes]]
            id = "mid"
            type = "MidPrice"
            dependencies = ["depth"]
            [[nodes]]

            """ + text)
    }

    @Test(arguments: [
        ("id = \"x\"\ntype = \"RollingMaen\"\ndependencies = [\"mid\"]",
         "g.toml:13: nodes[2].type = \"RollingMaen\" of x is not a node type; did you mean RollingMean?"),
        ("id = \"mid\"\ntype = \"MidPrice\"\ndependencies = [\"depth\"]",
         "g.toml:12: nodes[2].id = \"mid\" is taken by the node at g.toml:7; every node needs an id of its own"),
        ("id = \"x\"\ntype = \"RollingMean\"\nwindow = 3\ndependencies = [\"mud\"]", "g.toml:15: x depends on mud, which is not a node; did you mean mid?"),
        ("id = \"x\"\ntype = \"RollingMean\"\nwindow = 3\ndependencies = [\"mid\", \"depth\"]", "g.toml:15: x (RollingMean) depends on one node; 2 are given"),
        ("id = \"x\"\ntype = \"RollingMean\"\nwindow = 3", "g.toml:11: x (RollingMean) depends on one node; none is given"),
        ("id = \"x\"\ntype = \"RollingMean\"\nwindow = 3\ndependencies = [\"depth\"]",
         "g.toml:15: x (RollingMean) needs nodes with a value; depth is a DepthSource"),
        ("id = \"x\"\ntype = \"DepthSum\"\nside = \"bid\"\ndepth_pct = 0.1\ndependencies = [\"mid\"]",
         "g.toml:16: x (DepthSum) needs a DepthSource; mid is a MidPrice"),
        ("id = \"x\"\ntype = \"VWAP\"\nwindow = 5\ndependencies = [\"depth\"]", "g.toml:15: x (VWAP) needs a TradeSource; depth is a DepthSource"),
        ("id = \"x\"\ntype = \"RollingMean\"\nwindw = 3\nwindow = 3\ndependencies = [\"mid\"]",
         "g.toml:14: unknown setting nodes[2].windw; did you mean window?"),
        ("id = \"x\"\ntype = \"RollingMean\"\nwindow = 0\ndependencies = [\"mid\"]", "g.toml:14: nodes[2].window = 0 must lie between 1 and 100000000"),
        ("id = \"x\"\ntype = \"RollingMean\"\nwindow = 3\nwindow_ns = 5\ndependencies = [\"mid\"]",
         "g.toml:14: nodes[2].window cannot stand beside window_ns; remove one of them"),
        ("id = \"x\"\ntype = \"RollingMean\"\nwindow = 3\nclock = \"waves\"\ndependencies = [\"mid\"]",
         "g.toml:15: nodes[2].clock = \"waves\" is not known; write update, wave or step, or every = \"1s\" instead"),
        ("id = \"x\"\ntype = \"Returns\"\ninterval = 60\ndependencies = [\"mid\"]",
         "g.toml:14: nodes[2].interval is an integer; write a duration with its unit, such as \"100ms\""),
        ("id = \"x\"\ntype = \"EMA\"\nspan = 3\ntau_ns = 5\ndependencies = [\"mid\"]",
         "g.toml:14: nodes[2].span cannot stand beside another span; write one of span, half_life_ns, tau_ns"),
        ("id = \"x\"\ntype = \"Clip\"\ndependencies = [\"mid\"]", "g.toml:11: nodes[2].min or max is missing"),
        ("id = \"x\"\ntype = \"Sum\"\ndependencies = [\"y\"]\n[[nodes]]\nid = \"y\"\ntype = \"Sum\"\ndependencies = [\"mid\", \"x\"]",
         "g.toml:11: nodes depend on each other in a circle: x → y → x"),
        ("id = \"x\"\ntype = \"Sum\"\ndependencies = [\"x\"]", "g.toml:11: nodes depend on each other in a circle: x → x"),
        ("id = \"x\"\ntype = \"LinearCombine\"\nweights = { mud = 1 }\ndependencies = [\"mid\"]", "g.toml:14: nodes[2].weights has no weight for mid"),
        ("id = \"x\"\ntype = \"LinearCombine\"\nweights = { mid = 1, mud = 1 }\ndependencies = [\"mid\"]",
         "g.toml:14: nodes[2].weights.mud is not among the nodes combined; did you mean mid?"),
        ("id = \"x\"\ntype = \"DepthSource\"\nasset = \"AA\"\n[[nodes]]\nid = \"y\"\ntype = \"MidPrice\"\ndependencies = [\"x\"]",
         "g.toml:11: AA is not an asset of this run (A); did you mean A?"),
        ("id = \"x\"\ntype = \"DepthSum\"\nside = \"both\"\ndepth_pct = 0.1\ndependencies = [\"depth\"]",
         "g.toml:14: nodes[2].side = \"both\" is not known; write \"bid\" or \"ask\""),
        ("id = \"x\"\ntype = \"DepthSum\"\nside = \"bid\"\ndepth_pct = 2\ndependencies = [\"depth\"]",
         "g.toml:15: nodes[2].depth_pct = 2.0 is a share of the mid price; write it between 0 and 1, such as 0.001 for 0.1 %"),
        ("id = \"x\"\ntype = \"DepthSum\"\nside = \"bid\"\ndepth_ticks = 2\ndepth_pct = 0.1\ndependencies = [\"depth\"]",
         "g.toml:15: nodes[2].depth_ticks cannot stand beside depth_pct; remove one of them"),
        ("id = \"x\"\ntype = \"OBI\"\nlooking_depth = 0.01\nwindow = 5\nsummation = \"serial\"\ndependencies = [\"depth\"]",
         "g.toml:16: nodes[2].summation = \"serial\" goes with a count window, clock = \"step\", ddof = 0 and guard = 0 alone"),
    ])
    func mistakesAreNamedWithTheirLine(text: String, wanted: String) {
        #expect(node(text) == wanted)
    }

    @Test func wholeFilesAreChecked() {
        #expect(message("name = \"x\"").hasPrefix("no graph"))
        #expect(message("[graph]\nsymbol = \"A\"") == "g.toml:1: there are no [[nodes]]; a graph needs at least one")
        #expect(message("[[nodes]]\nid = \"x\"") == "g.toml:1: [[nodes]] need a [graph] with name and symbol before them")
        #expect(message("[graph]\nname = \"x\"\n[[nodes]]\nid = \"x\"") == "g.toml:1: graph.symbol is missing")
        #expect(message("[graph]\nsymbol = \"A\"\nsimbol = 2\n[[nodes]]\nid = \"x\"") == "g.toml:3: unknown setting graph.simbol; did you mean symbol?")
        #expect(message("[graph]\nsymbol = \"A\"\ntick_size = 2\n[[nodes]]\nid = \"x\"\ntype = \"DepthSource\"")
            == "g.toml:1: the graph's tick_size = 2.0 differs from 1.0 of the asset A")
    }

    @Test func aLongChainIsNoProblem() throws {
        var lines = ["n0:MidPrice(depth)"]
        for i in 1...2_000 { lines.append("n\(i):Sum(n\(i - 1))") }
        let (definition, _) = try FactorBench.definition(nodes(lines.reversed().joined(separator: "\n")))
        let spec = AssetSpec(symbol: "A", tickSize: 1, lotSize: 1)
        let input = AssetInput(spec: spec, events: ArrayEventSource([Row.bid(1, 99, 1), Row.ask(1, 101, 1)]))
        let run = try FactorRun(FactorGraph(definition, assets: [spec]), inputs: [input], sampling: .wave)
        let samples = FactorSamples(capacity: 1, columnCount: 2_001)
        #expect(try run.fill(samples) == 1)
        #expect(samples.column(0)[0] == 100)
    }

    @Test func productionMistakes() {
        func engine(_ text: String) -> String { message("[factor_engine]\nsymbol = \"A\"\n" + text) }
        #expect(engine("") == "g.toml:1: there are no [[factor_engine.factors]]; an engine needs at least one")
        #expect(engine("[[factor_engine.factors]]\nname = \"o\"\ntype = \"OBIFacto\"")
            == "g.toml:5: factor_engine.factors[0].type = \"OBIFacto\" is not a factor type; did you mean OBIFactor?")
        #expect(engine("[[factor_engine.factors]]\nname = \"o\"\ntype = \"OBIFactor\"\n[factor_engine.factors.params]\nlooking_depth = 0.1")
            .hasPrefix("g.toml:6: factor_engine.factors[0].params.window is missing"))
        let good = "[[factor_engine.factors]]\nname = \"v\"\ntype = \"TradeImbalanceFactor\"\n[factor_engine.factors.params]\nwindow_ns = 5\n"
        #expect(engine(good) == "accepted")
        #expect(engine(good + "[factor_engine.combination.weights]\nw = 1") == "g.toml:9: factor_engine.combination.weights.w is not a factor; did you mean v?")
        #expect(engine(good + "[factor_engine.combination]\ntype = \"liner\"\nweights = { v = 1 }")
            == "g.toml:9: factor_engine.combination.type = \"liner\" is not known; write linear or nonlinear")
        #expect(engine("snapshots = 1\n" + good) == "g.toml:3: unknown setting factor_engine.snapshots; did you mean snapshot?")
        #expect(engine("[factor_engine.warmup]\nsource = \"reply\"\n" + good)
            == "g.toml:4: factor_engine.warmup.source = \"reply\" is not known; did you mean \"replay\"?")
    }
}
