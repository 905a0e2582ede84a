import HBTConfig
import HBTTypes
import Testing

@Suite struct ResolvedTests {
    @Test func everyDefaultIsWrittenOut() throws {
        let run = try Sample.read(Sample.least)
        let text = ResolvedConfig.text(run, strategyDefaults: [("window", .integer(60)), ("half_spread", .double(80)), ("type", .string("no"))])
        #expect(text == """
            # Resolved settings: what this run used, every default written out.
            name = "run"
            compatibility = "none"

            [[asset]]
            symbol = "BTCUSDT"
            data = ["/runs/strategies/a.npz"]
            tick_size = 0.1
            lot_size = 0.001
            contract = { kind = "linear", size = 1.0 }
            book = { kind = "hash" }
            latency = { kind = "constant", entry = "0ns", response = "0ns" }
            feed_latency_offset = "0ns"
            queue = { kind = "log_prob2" }
            exchange = "no_partial_fill"
            fee = { kind = "trading_value", maker = 0.0, taker = 0.0, buy = 0.0, sell = 0.0 }
            last_trades_capacity = 0

            [strategy]
            type = "obi"
            half_spread = 80.0
            window = 60

            [record]
            at = "step"

            [report]
            resample = "10s"
            partition = "none"
            trading_days_per_year = 252.0

            """)
    }

    /// Reading the resolved text gives the same settings, and resolving those the same bytes.
    private func expectFixpoint(_ run: RunSettings, _ comment: Comment) throws {
        let text = ResolvedConfig.text(run)
        let again = try Sample.read(text, file: "/elsewhere/config.toml")
        #expect(ResolvedConfig.text(again) == text, comment)
        #expect(again.name == run.name && again.compatibility == run.compatibility, comment)
        #expect(again.assets.map(\.spec) == run.assets.map(\.spec), comment)
        #expect(again.assets.map(\.dataFiles) == run.assets.map(\.dataFiles), comment)
        #expect(again.assets.map(\.initialSnapshotFile) == run.assets.map(\.initialSnapshotFile), comment)
        #expect(again.assets.map(\.latencySource) == run.assets.map(\.latencySource), comment)
        #expect(again.record == run.record && again.report == run.report, comment)
        #expect(again.strategyType == run.strategyType, comment)
    }

    @Test(arguments: [
        ("name", "name = \"x\""),
        ("compatibility", "compatibility = \"hftbacktest-2.4\""),
        ("contract", "contract = { kind = \"inverse\", size = 100 }"),
        ("book", "book = \"hash\""),
        ("latency", "latency = { kind = \"interpolated\", file = [\"a.npz\", \"b c.npz\"], offset = \"1500us\" }"),
        ("latency", "latency = { kind = \"feed\", entry_multiplier = 4.5, response_offset = \"-2ms\" }"),
        ("queue", "queue = \"risk_averse\""), ("queue", "queue = \"log_prob\""), ("queue", "queue = \"log_prob2\""),
        ("queue", "queue = { kind = \"power_prob2\", n = 1e-9 }"), ("queue", "queue = { kind = \"power_prob3\", n = 1e22 }"),
        ("exchange", "exchange = \"partial_fill\""),
        ("fee", "fee = { kind = \"trading_qty\", maker = -1e-5, taker = 0.1, buy = 0.3, sell = 1e-300 }"),
        ("data", "data = ['/a \"quoted\" \\ path.npz', \"/tab\\there\\u007f\\u001bé\"]"),
        ("at", "every = \"90s\""), ("resample", "resample = \"none\""), ("partition", "partition = \"monthly\""),
        ("half_spread", "half_spread = 1\n\"odd key\" = [1, 2.0, \"x\", [true], { b = 1, a = { c = 2 } }]"),
    ])
    func resolvedTextReadsBackTheSame(key: String, line: String) throws {
        try expectFixpoint(Sample.read(Sample.with(key, line)), "\(line)")
    }

    @Test(arguments: [
        "[graph]\nsymbol = \"BTCUSDT\"\n[[nodes]]\nid = \"z\"\ntype = \"DepthSource\"\n[[nodes]]\nid = \"a\"\ntype = \"MidPrice\"\ndependencies = [\"z\"]",
        "[factor_engine]\nsymbol = \"BTCUSDT\"\n[factor_engine.snapshot]\npath = \"kept\"\n"
            + "[[factor_engine.factors]]\nname = \"x\"\ntype = \"OBIFactor\"\n[factor_engine.factors.params]\nwindow = 3",
        "[warmup]\nsource = \"replay\"\nduration = \"90s\"\npath = [\"a.npz\", \"b.npz\"]\nwait = [\"x\"]",
        "[warmup]\nsource = \"snapshot\"\npath = \"../runs/x\"\nwait = false",
        "[warmup]\nsource = \"snapshot\"\npath = \"../runs/x\"\nhistory = [\"a.npz\", \"b.npz\"]\nduration = \"9s\"",
        "[warmup]\nsource = \"snapshot\"\npath = \"../runs/x\"\nrequired = true",
        "[warmup]\nsource = \"cold\"\ntried = [\"x.snap: it is \\\"gone\\\"\", \"y\"]",
    ])
    func graphsAndWarmUpsReadBackTheSame(_ tables: String) throws {
        let run = try Sample.read(Sample.text + "\n" + tables)
        try expectFixpoint(run, "\(tables)")
        let again = try Sample.read(ResolvedConfig.text(run), file: "/elsewhere/config.toml")
        #expect(again.warmup?.history == run.warmup?.history && again.warmup?.snapshot == run.warmup?.snapshot)
        #expect(again.warmup?.isRequired == run.warmup?.isRequired && again.warmup?.tried == run.warmup?.tried)
        #expect(again.warmup?.nodes == run.warmup?.nodes && again.warmup?.durationNs == run.warmup?.durationNs)
        #expect(!ResolvedConfig.text(run).contains("\"kept\""), "paths are absolute")
        if case .array(let nodes)? = again.factors?.entries.first(where: { $0.key == "nodes" })?.value, case .table(let first) = nodes[0] {
            #expect(try first.string("id") == "z", "nodes keep their order")
        }
    }

    @Test func theWayItWasWrittenDoesNotMatter() throws {
        let plain = try Sample.read(Sample.text)
        let other = try Sample.read("""
            report = { trading_days_per_year = 365.0, book_size = 1e5, partition = "daily", resample = "10000ms" }
            compatibility = 'none'
            name = "sample"
            [strategy]
            half_spread = 80
            interval = "1s"
            type = "obi"
            [[asset]]
            last_trades_capacity = 0x64
            fee = { taker = 7e-4, maker = -5e-5, kind = "trading_value", sell = 0, buy = 0.0 }
            queue.n = 3
            queue.kind = "power_prob"
            feed_latency_offset = "-3000ns"
            latency = { kind = "constant", entry = "0.01s", response = "12000us" }
            book = { kind = "roi", lower = 1e4, upper = 1.5e5 }
            lot_size = 1e-3
            tick_size = 0.10
            initial_snapshot = "/runs/data/day0_eod.npz"
            data = ["../data/./day1.npz", "../data/day2.npz"]
            symbol = "BTCUSDT"
            """)
        let defaults: [(key: String, value: SettingValue)] = [("half_spread", .double(1))]
        #expect(ResolvedConfig.text(plain, strategyDefaults: defaults) == ResolvedConfig.text(other, strategyDefaults: defaults))
    }

    /// Shortest text, same number: over the whole range of doubles.
    @Test func numbersReadBackToTheBit() throws {
        var random = Scrambler(seed: 1)
        for _ in 0..<500 {
            let value = Double(bitPattern: random.next() & 0x7FFF_FFFF_FFFF_FFFF)
            guard value.isFinite, value > 0 else { continue }
            let run = try Sample.read(Sample.with("lot_size", "lot_size = \(value)"))
            #expect(run.assets[0].spec.lotSize.bitPattern == value.bitPattern)
            try expectFixpoint(run, "\(value)")
        }
    }
}
