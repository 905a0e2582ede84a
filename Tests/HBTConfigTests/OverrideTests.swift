import HBTConfig
import HBTTypes
import Testing

/// `--set key=value`.
@Suite struct OverrideTests {
    @Test func replacesAndAdds() throws {
        let run = try Sample.read(Sample.text, set: [
            "strategy.half_spread=40", "strategy.levels = 3", "name=other", "report.book_size=5",
        ])
        #expect(run.name == "other")
        #expect(try run.strategy.double("half_spread") == 40)
        #expect(try run.strategy.integer("levels") == 3)
        #expect(run.report.bookSize == 5)
    }

    @Test(arguments: ["asset.0.tick_size=0.01", "asset[0].tick_size=0.01", "asset.tick_size=0.01", " asset[0].tick_size = 0.01 # why"])
    func assetsByIndexOrAlone(text: String) throws {
        #expect(try Sample.read(Sample.text, set: [text]).assets[0].spec.tickSize == 0.01)
    }

    @Test func valuesInsideModelsAndArrays() throws {
        let run = try Sample.read(Sample.text, set: [
            "asset.queue.n=2", "asset.data[1]=/x.npz", "asset.latency.entry=5ms", "asset.book=hash",
            "asset.fee={ kind = \"flat_per_trade\", maker = 1, taker = 2 }",
        ])
        let asset = run.assets[0]
        #expect(asset.spec.queue == .powerProb(n: 2))
        #expect(asset.dataFiles == ["/runs/data/day1.npz", "/x.npz"])
        #expect(asset.spec.latency == .constant(entryNs: 5_000_000, responseNs: 12_000_000))
        #expect(asset.spec.book == .hash)
        #expect(asset.spec.fee == FeeSpec(kind: .flatPerTrade, maker: 1, taker: 2))
        let listed = try Sample.read(Sample.text, set: ["asset.data=['a', \"../b\"]"])
        #expect(listed.assets[0].dataFiles == ["/runs/strategies/a", "/runs/b"])
    }

    @Test func laterOnesWin() throws {
        #expect(try Sample.read(Sample.text, set: ["name=a", "name=b"]).name == "b")
    }

    @Test func aMissingTableIsMade() throws {
        let run = try Sample.read(Sample.least, set: ["record.every=1s"])
        #expect(run.record == .every(ns: 1_000_000_000))
    }

    /// A value is TOML where it can be, a string elsewhere.
    @Test func kindsOfValues() throws {
        func kind(_ text: String) throws -> String {
            let table = try SettingsFile.parse(text: "a = 1", file: "x", overrides: [SettingArgument("b=\(text)")])
            return try #require(table.entry("b")).value.kindName
        }
        #expect(try kind("1_000") == "an integer")
        #expect(try kind("1e3") == "a number")
        #expect(try kind("true") == "true or false")
        #expect(try kind("\"1\"") == "a string")
        #expect(try kind("10ms") == "a string")
        #expect(try kind("2024-01-01") == "a string")
        #expect(try kind("../a b.npz") == "a string")
        #expect(try kind("[1, 2]") == "an array")
        #expect(try kind("{ c = 1 }") == "a table")
    }

    @Test(arguments: [
        ("asset.tick_sise=1", "unknown setting asset[0].tick_sise; did you mean tick_size?"),
        ("stratgy.x=1", "unknown setting stratgy; did you mean strategy?"),
        ("asset.tick_size=0", "asset[0].tick_size = 0.0 must be greater than 0"),
        ("asset.tick_size=fine", "asset[0].tick_size is a string; write a number"),
        ("strategy.x=nan", "strategy.x = nan is not a finite number"),
        ("asset[1].tick_size=1", "asset has 1 element; there is no [1]"),
        ("asset.data[2]=a", "asset[0].data has 2 elements; there is no [2]"),
        ("asset.data.x=a", "asset[0].data has 2 elements; write asset[0].data[0].x"),
        ("asset.exchange.x=a", "asset[0].exchange is a string, with nothing inside to set"),
        ("nothing[0]=a", "there is no nothing to take an element of"),
        ("strategy", "write key=value, such as strategy.half_spread=40"),
        ("name=", "there is no value after =; write \"\" for an empty string"),
        ("=5", "\"\" is not a key; write it as strategy.half_spread or asset[0].tick_size"),
        ("a..b=5", "\"a..b\" is not a key; write it as strategy.half_spread or asset[0].tick_size"),
        ("a[x]=5", "\"a[x]\" is not a key; write it as strategy.half_spread or asset[0].tick_size"),
        ("a[-1]=5", "\"a[-1]\" is not a key; write it as strategy.half_spread or asset[0].tick_size"),
        ("0.a=5", "\"0.a\" is not a key; write it as strategy.half_spread or asset[0].tick_size"),
        ("asset.data=[1,", "the value is not valid TOML"),
        ("name=\"x", "the value is not valid TOML"),
        ("venue=binance", "venue is a string; write a table"),
    ])
    func mistake(text: String, message: String) {
        #expect(Sample.refusal(Sample.text, set: [text]) == "--set \(text): \(message)")
    }

    /// Nothing but the one setting can be smuggled in.
    @Test func oneLineOnly() {
        #expect(Sample.refusal(Sample.text, set: ["name=\"x\"\ncompatibility=\"none\""])
            == "--set name=\"x\" compatibility=\"none\": control characters and line breaks cannot be set on the command line")
    }

    /// A mistake beside an overridden value still names the file.
    @Test func neighboursKeepTheirLines() {
        let text = Sample.with("lot_size", "lot_size = 0")
        #expect(Sample.refusal(text, set: ["asset.tick_size=1", "asset.queue.n=2"])
            == "run.toml:9: asset[0].lot_size = 0.0 must be greater than 0")
    }
}
