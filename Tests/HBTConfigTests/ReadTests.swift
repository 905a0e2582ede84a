import HBTConfig
import HBTTypes
import Testing

@Suite struct ReadTests {
    @Test func everyKeyIsRead() throws {
        let run = try Sample.read(Sample.text)
        #expect(run.name == "sample")
        #expect(run.compatibility == .none)
        #expect(run.file == "/runs/strategies/run.toml")
        let asset = try #require(run.assets.first)
        #expect(run.assets.count == 1)
        #expect(asset.dataFiles == ["/runs/data/day1.npz", "/runs/data/day2.npz"])
        #expect(asset.dataLocation == SourceLocation(file: "/runs/strategies/run.toml", line: 6))
        #expect(asset.initialSnapshotFile == "/runs/data/day0_eod.npz")
        #expect(asset.latencySource == .constant)
        #expect(asset.spec == AssetSpec(
            symbol: "BTCUSDT", tickSize: 0.1, lotSize: 0.001, contract: .linear(size: 1),
            book: .roi(lower: 10_000, upper: 150_000), latency: .constant(entryNs: 10_000_000, responseNs: 12_000_000),
            queue: .powerProb(n: 3), exchange: .noPartialFill,
            fee: FeeSpec(kind: .tradingValue, maker: -0.00005, taker: 0.0007, buy: 0, sell: 0),
            feedLatencyOffsetNs: -3_000, lastTradesCapacity: 100
        ))
        #expect(run.strategyType == "obi")
        #expect(run.strategy.entries.map(\.key) == ["interval", "half_spread"])
        #expect(try run.strategy.durationNs("interval") == 1_000_000_000)
        #expect(run.strategy.fullName("interval") == "strategy.interval")
        #expect(run.record == .step)
        #expect(run.report == ReportSettings(
            resampleNs: 10_000_000_000, partition: .daily, bookSize: 100_000, tradingDaysPerYear: 365
        ))
    }

    @Test func defaultsAreThoseOfTheTypes() throws {
        let run = try Sample.read(Sample.least)
        #expect(run.name == "run")
        #expect(run.compatibility == .none)
        #expect(run.assets[0].spec == AssetSpec(symbol: "BTCUSDT", tickSize: 0.1, lotSize: 0.001))
        #expect(run.assets[0].dataFiles == ["/runs/strategies/a.npz"])
        #expect(run.assets[0].initialSnapshotFile == nil)
        #expect(run.record == .step)
        #expect(run.report == ReportSettings())
    }

    @Test func modelsOfEachKind() throws {
        func spec(_ key: String, _ value: String) throws -> AssetSettings {
            try Sample.read(Sample.with(key, "\(key) = \(value)")).assets[0]
        }
        #expect(try spec("contract", "{ kind = \"inverse\", size = 100 }").spec.contract == .inverse(size: 100))
        #expect(try spec("contract", "\"inverse\"").spec.contract == .inverse(size: 1))
        #expect(try spec("book", "{ kind = \"hash\" }").spec.book == .hash)
        #expect(try spec("book", "\"hash\"").spec.book == .hash)
        #expect(try spec("queue", "\"risk_averse\"").spec.queue == .riskAverse)
        #expect(try spec("queue", "{ kind = \"risk_averse\" }").spec.queue == .riskAverse)
        #expect(try spec("queue", "\"log_prob\"").spec.queue == .logProb)
        #expect(try spec("queue", "\"log_prob2\"").spec.queue == .logProb2)
        #expect(try spec("queue", "{ kind = \"power_prob\", n = 2 }").spec.queue == .powerProb(n: 2))
        #expect(try spec("queue", "{ kind = \"power_prob2\", n = 0.5 }").spec.queue == .powerProb2(n: 0.5))
        #expect(try spec("queue", "{ kind = \"power_prob3\", n = 3.0 }").spec.queue == .powerProb3(n: 3))
        #expect(try spec("exchange", "\"partial_fill\"").spec.exchange == .partialFill)
        #expect(try spec("fee", "{ kind = \"trading_qty\", maker = 2, taker = 3, buy = 0.1, sell = 0.2 }").spec.fee
            == FeeSpec(kind: .tradingQuantity, maker: 2, taker: 3, buy: 0.1, sell: 0.2))
        #expect(try spec("fee", "{ kind = \"flat_per_trade\", maker = 2, taker = 3 }").spec.fee
            == FeeSpec(kind: .flatPerTrade, maker: 2, taker: 3))
        #expect(try spec("data", "\"/abs/x.npz\"").dataFiles == ["/abs/x.npz"])
    }

    @Test func latencyOfEachKind() throws {
        func asset(_ value: String) throws -> AssetSettings {
            try Sample.read(Sample.with("latency", "latency = \(value)")).assets[0]
        }
        let rejected = try asset("{ kind = \"constant\", entry = \"-1ms\", response = \"0ns\" }")
        #expect(rejected.spec.latency == .constant(entryNs: -1_000_000, responseNs: 0))
        let one = try asset("{ kind = \"interpolated\", file = \"l.npz\" }")
        #expect(one.spec.latency == .interpolated(offsetNs: 0))
        #expect(one.latencySource == .files(["/runs/strategies/l.npz"]))
        let two = try asset("{ kind = \"interpolated\", file = [\"l.npz\", \"../m.npz\"], offset = \"-5ns\" }")
        #expect(two.spec.latency == .interpolated(offsetNs: -5))
        #expect(two.latencySource == .files(["/runs/strategies/l.npz", "/runs/m.npz"]))
        let plain = try asset("\"feed\"")
        #expect(plain.spec.latency == .interpolated(offsetNs: 0))
        #expect(plain.latencySource == .feed(FeedLatencySettings()))
        let feed = try asset(
            "{ kind = \"feed\", entry_multiplier = 4, entry_offset = \"1ms\", response_multiplier = 3, response_offset = \"-2ms\", resample = \"2s\" }"
        )
        #expect(feed.latencySource == .feed(FeedLatencySettings(
            entryMultiplier: 4, entryOffsetNs: 1_000_000, responseMultiplier: 3, responseOffsetNs: -2_000_000,
            resamplingNs: 2_000_000_000
        )))
    }

    @Test func recordAndReport() throws {
        #expect(try Sample.read(Sample.with("at", "every = \"10s\"")).record == .every(ns: 10_000_000_000))
        #expect(try Sample.read(Sample.with("at", "")).record == .step)
        #expect(try Sample.read(Sample.with("resample", "resample = \"none\"")).report.resampleNs == nil)
        for partition in ["hourly", "daily", "monthly"] {
            let run = try Sample.read(Sample.with("partition", "partition = \"\(partition)\""))
            #expect(run.report.partition?.rawValue == partition)
        }
        #expect(try Sample.read(Sample.with("partition", "partition = \"none\"")).report.partition == nil)
        let parity = Sample.with("compatibility", "compatibility = \"hftbacktest-2.4\"")
        #expect(try Sample.read(parity).compatibility == .hftbacktest24)
    }

    @Test func nameComesFromTheFileWhenAbsent() throws {
        #expect(try Sample.read(Sample.least, file: "a/b/grid_2.v1.toml").name == "grid_2.v1")
        #expect(Sample.refusal(Sample.least, file: "my run.toml")
            == "my run.toml:1: name is missing, and the file's own name \"my run\" cannot be a folder name; "
            + "use letters, digits, dots, hyphens and underscores; write name = \"…\"")
    }

    @Test func severalAssetsKeepTheirOrder() throws {
        let second = "\n[[asset]]\nsymbol = \"ETHUSDT\"\ndata = \"b.npz\"\ntick_size = 0.01\nlot_size = 0.01\n"
        let run = try Sample.read(Sample.least + second)
        #expect(run.assets.map(\.spec.symbol) == ["BTCUSDT", "ETHUSDT"])
    }

    @Test func pathsStartAtTheSettingsFile() throws {
        func data(_ path: String, file: String) throws -> [String] {
            try Sample.read(Sample.least.replacing("\"a.npz\"", with: "\"\(path)\""), file: file).assets[0].dataFiles
        }
        #expect(try data("./x//y/./z.npz", file: "/no/where/run.toml") == ["/no/where/x/y/z.npz"])
        #expect(try data("../../../../x.npz", file: "/no/where/run.toml") == ["/x.npz"])
        // After a name, `..` may mean the parent of what a link points at.
        #expect(try data("link/../x.npz", file: "/no/where/run.toml") == ["/no/where/link/../x.npz"])
        #expect(try data("x.npz", file: "/run.toml") == ["/x.npz"])
        #expect(try data("x.npz", file: "run.toml")[0].hasPrefix("/"))
    }
}
