import HBTConfig
import HBTTypes
import Testing

/// Every mistake, with the exact line that answers it.
@Suite struct RefusalTests {
    @Test(arguments: [
        ("name", "name = \"a/b\"", "1: name = \"a/b\" cannot be a folder name; use letters, digits, dots, hyphens and underscores"),
        ("name", "name = \"..\"", "1: name = \"..\" cannot be a folder name; start with a letter or a digit"),
        ("name", "name = \"\"", "1: name = \"\" is empty"),
        ("name", "name = 5", "1: name is an integer; write a string in quotes"),
        ("name", "nam = \"x\"\nname = \"y\"", "1: unknown setting nam; did you mean name?"),
        ("compatibility", "compatibility = \"hftbacktest-2.5\"",
         "2: compatibility = \"hftbacktest-2.5\" is not known; did you mean \"hftbacktest-2.4\"? (one of none, hftbacktest-2.4)"),
        ("[[asset]]", "[asset]", "4: asset is a table; write [[asset]], with two brackets"),
        ("symbol", "", "4: asset[0].symbol is missing; write symbol = \"BTCUSDT\""),
        ("symbol", "symbol = \"\"", "5: asset[0].symbol is empty"),
        ("symbol", "symbol = \"BTC USDT\"", "5: asset[0].symbol = \"BTC USDT\" must be at most 100 characters without spaces"),
        ("symbol", "symbl = \"BTCUSDT\"\nsymbol = \"X\"", "5: unknown setting asset[0].symbl; did you mean symbol?"),
        ("data", "", "4: asset[0].data is missing; write data = [\"…npz\"]"),
        ("data", "data = []", "6: asset[0].data is empty; name at least one file"),
        ("data", "data = [\"a\", 5]", "6: asset[0].data[1] is an integer; write a path in quotes"),
        ("data", "data = true", "6: asset[0].data is true or false; write a path in quotes, or an array of paths"),
        ("data", "data = \"\"", "6: asset[0].data is empty; write a path"),
        ("data", "data = \"~/a.npz\"", "6: asset[0].data = \"~/a.npz\": ~ means nothing here; write the whole path"),
        ("data", "data = \"a/\"", "6: asset[0].data = \"a/\" is a folder; name a file"),
        ("initial_snapshot", "initial_snapshot = 1", "7: asset[0].initial_snapshot is an integer; write a string in quotes"),
        ("tick_size", "", "4: asset[0].tick_size is missing; write tick_size = 0.1 (quote currency)"),
        ("tick_size", "tick_size = 0", "8: asset[0].tick_size = 0.0 must be greater than 0"),
        ("tick_size", "tick_size = -0.1", "8: asset[0].tick_size = -0.1 must be greater than 0"),
        ("tick_size", "tick_size = \"0.1\"", "8: asset[0].tick_size is a string; write a number"),
        ("tick_size", "tick_size = nan", "8: asset[0].tick_size = nan is not a finite number"),
        ("tick_size", "tick_size = inf", "8: asset[0].tick_size = inf is not a finite number"),
        ("tick_size", "tick_size = 2024-01-01", "8: 2024-01-01 is a date or time; no setting is one, write it in quotes"),
        ("lot_size", "", "4: asset[0].lot_size is missing; write lot_size = 0.001 (base currency)"),
        ("lot_size", "lot_size = 0.0", "9: asset[0].lot_size = 0.0 must be greater than 0"),
        ("contract", "contract = 1", "10: asset[0].contract is an integer; write { kind = \"linear\", … } or \"linear\""),
        ("contract", "contract = {}", "10: asset[0].contract.kind is missing; write kind = \"linear\" (or inverse)"),
        ("contract", "contract = \"lineer\"", "10: asset[0].contract.kind = \"lineer\" is not known; did you mean \"linear\"? (one of linear, inverse)"),
        ("contract", "contract = { kind = \"linear\", size = 0 }", "10: asset[0].contract.size = 0.0 must be greater than 0"),
        ("book", "book = \"btree\"", "11: asset[0].book.kind = \"btree\" is not available yet; write one of hash, roi"),
        ("book", "book = \"fused\"", "11: asset[0].book.kind = \"fused\" is not available yet; write one of hash, roi"),
        ("book", "book = \"l3\"", "11: asset[0].book.kind = \"l3\" is not available yet; write one of hash, roi"),
        ("book", "book = \"magnificent\"", "11: asset[0].book.kind = \"magnificent\" is not known; write one of hash, roi"),
        ("book", "book = { kind = \"hash\", lower = 1 }", "11: unknown setting asset[0].book.lower; known here: kind"),
        ("book", "book = { kind = \"roi\", upper = 1 }",
         "11: asset[0].book.lower is missing; write book = { kind = \"roi\", lower = 10_000.0, upper = 150_000.0 } (quote currency)"),
        ("book", "book = { kind = \"roi\", lower = 2, upper = 2 }", "11: asset[0].book.upper = 2.0 must be above lower = 2.0"),
        ("book", "book = { kind = \"roi\", lower = 0, upper = 5_000_001 }",
         "11: asset[0].book.upper makes the book 50000010 ticks wide, more than 50000000; narrow the range or write book = \"hash\""),
        ("book", "book = { kind = \"roi\", lower = 0, upper = 1e300 }",
         "11: asset[0].book.upper is too many ticks of tick_size = 0.1 to count exactly; check both"),
        ("latency", "latency = { kind = \"constant\", response = \"1ms\" }",
         "12: asset[0].latency.entry is missing; write latency = { kind = \"constant\", entry = \"10ms\", response = \"10ms\" }"),
        ("latency", "latency = { kind = \"constant\", entry = 10, response = \"1ms\" }",
         "12: asset[0].latency.entry is an integer; write a duration with its unit, such as \"100ms\""),
        ("latency", "latency = { kind = \"constant\", entry = \"10\", response = \"1ms\" }",
         "12: asset[0].latency.entry = \"10\" is not a duration; write a number and one of ns, us, ms, s, m, h, d, such as \"100ms\""),
        ("latency", "latency = { kind = \"interpolated\" }", "12: asset[0].latency.file is missing; write file = \"…npz\", the order-latency rows"),
        ("latency", "latency = { kind = \"feed\", entry_multiplier = -1 }", "12: asset[0].latency.entry_multiplier = -1.0 must not be negative"),
        ("latency", "latency = { kind = \"feed\", resample = \"0s\" }", "12: asset[0].latency.resample = \"0ns\" must be longer than 0"),
        ("latency", "latency = { kind = \"feed\", offset = \"0s\" }", "12: unknown setting asset[0].latency.offset; known here: "
            + "entry_multiplier, entry_offset, kind, resample, response_multiplier, response_offset"),
        ("latency", "latency = \"interpolate\"",
         "12: asset[0].latency.kind = \"interpolate\" is not known; did you mean \"interpolated\"? (one of constant, interpolated, feed)"),
        ("feed_latency_offset", "feed_latency_offset = \"fast\"",
         "13: asset[0].feed_latency_offset = \"fast\" is not a duration; write a number and one of ns, us, ms, s, m, h, d, such as \"100ms\""),
        ("queue", "queue = \"power_prob\"", "14: asset[0].queue.n is missing; write queue = { kind = \"power_prob\", n = 3.0 }"),
        ("queue", "queue = { kind = \"power_prob3\", n = 0 }", "14: asset[0].queue.n = 0.0 must be greater than 0"),
        ("queue", "queue = { kind = \"log_prob\", n = 3 }",
         "14: asset[0].queue.n belongs to power_prob, power_prob2 and power_prob3; log_prob has none"),
        ("queue", "queue = \"l3_fifo\"", "14: asset[0].queue.kind = \"l3_fifo\" is not available yet; "
            + "write one of risk_averse, log_prob, log_prob2, power_prob, power_prob2, power_prob3"),
        ("queue", "queue = \"risk_adverse\"", "14: asset[0].queue.kind = \"risk_adverse\" is not known; did you mean \"risk_averse\"? "
            + "(one of risk_averse, log_prob, log_prob2, power_prob, power_prob2, power_prob3)"),
        ("exchange", "exchange = \"partial\"", "15: asset[0].exchange = \"partial\" is not known; write one of no_partial_fill, partial_fill"),
        ("exchange", "exchange = \"partial_fil\"",
         "15: asset[0].exchange = \"partial_fil\" is not known; did you mean \"partial_fill\"? (one of no_partial_fill, partial_fill)"),
        ("fee", "fee = \"trading_value\"", "16: asset[0].fee.maker is missing; write maker = -0.00005 (negative is a rebate)"),
        ("fee", "fee = { kind = \"trading_value\", maker = 0 }", "16: asset[0].fee.taker is missing; write taker = 0.0007"),
        ("fee", "fee = { kind = \"trading_value\", maker = 0, taker = 7 }",
         "16: asset[0].fee.taker = 7.0 is a rate on traded value and must lie between -1 and 1; 0.0007 is 7 basis points"),
        ("fee", "fee = { kind = \"flat_per_trade\", maker = 7, taker = 7, sell = -1 }",
         "16: asset[0].fee.sell = -1.0 is a rate on traded value and must lie between -1 and 1; 0.0007 is 7 basis points"),
        ("fee", "fee = { kind = \"trading_value\", maker = 0, taker = 0, makr = 1 }",
         "16: unknown setting asset[0].fee.makr; did you mean maker?"),
        ("last_trades_capacity", "last_trades_capacity = -1", "17: asset[0].last_trades_capacity = -1 must not be negative; 0 keeps no trades"),
        ("last_trades_capacity", "last_trades_capacity = 1.5", "17: asset[0].last_trades_capacity is a number; write an integer"),
        ("[strategy]", "[stratgy]", "1: there is no [strategy]; write one with type = \"…\""),
        ("type", "", "19: strategy.type is missing; write type = \"…\", one of grid, obi"),
        ("type", "type = \"obj\"", "20: strategy.type = \"obj\" is not known; did you mean \"obi\"? (one of grid, obi)"),
        ("at", "at = \"fill\"", "25: record.at = \"fill\" is not known; write one of step"),
        ("at", "every = \"0s\"", "25: record.every = \"0ns\" must be longer than 0"),
        ("at", "at = \"step\"\nevery = \"1s\"", "26: record.every cannot stand beside record.at; remove one of them"),
        ("at", "evry = \"1s\"", "25: unknown setting record.evry; did you mean every?"),
        ("resample", "resample = \"nune\"",
         "28: report.resample = \"nune\" is not a duration; write a number and one of ns, us, ms, s, m, h, d, such as \"100ms\""),
        ("resample", "resample = \"-1s\"", "28: report.resample = \"-1s\" must be longer than 0"),
        ("partition", "partition = \"weekly\"",
         "29: report.partition = \"weekly\" is not known; write one of none, hourly, daily, monthly"),
        ("book_size", "book_size = 0", "30: report.book_size = 0.0 must be greater than 0"),
        ("trading_days_per_year", "trading_days_per_year = 0", "31: report.trading_days_per_year = 0.0 must be greater than 0"),
        ("trading_days_per_year", "trading_days = 1", "31: unknown setting report.trading_days; known here: "
            + "book_size, partition, resample, trading_days_per_year"),
        ("[report]", "[[venue]]", "27: venue is an array; write a table"),
        ("[report]", "[reports]", "27: unknown setting reports; did you mean report?"),
    ])
    func mistake(key: String, line: String, message: String) {
        #expect(Sample.refusal(Sample.with(key, line)) == "run.toml:" + message)
    }

    @Test func noAssets() {
        #expect(Sample.refusal("name = \"x\"\n[strategy]\ntype = \"obi\"") == "run.toml:1: there is no [[asset]]; a run needs at least one")
        #expect(Sample.refusal("asset = []") == "run.toml:1: asset is empty; a run needs at least one")
        #expect(Sample.refusal("\nasset = [1]") == "run.toml:2: asset[0] is an integer; write [[asset]] tables")
    }

    @Test func twoAssetsOfOneSymbol() {
        let second = "\n[[asset]]\nsymbol = \"BTCUSDT\"\ndata = \"b.npz\"\ntick_size = 0.01\nlot_size = 0.01\n"
        #expect(Sample.refusal(Sample.least + second)
            == "run.toml:9: asset[1].symbol = \"BTCUSDT\" is also asset[0]; every asset needs a symbol of its own")
    }

    @Test func mistakesInTheSecondAssetAreNumbered() {
        let second = "\n[[asset]]\nsymbol = \"ETHUSDT\"\ndata = \"b.npz\"\ntick_size = 0.01\nlot_siz = 0.01\n"
        #expect(Sample.refusal(Sample.least + second)
            == "run.toml:8: asset[1].lot_size is missing; write lot_size = 0.001 (base currency)")
    }

    /// A message is one line whatever the file contains.
    @Test func messagesAreOneLine() throws {
        let texts = [
            "name = \"a\\nb\"", "\"na\\nme\" = 1", Sample.with("book", "book = \"x\\ny\""),
            Sample.with("symbol", "\"sym\\nbol\" = nan"),
        ]
        for text in texts {
            let message = try #require(Sample.refusal(text))
            #expect(!message.contains("\n"))
        }
    }
}
