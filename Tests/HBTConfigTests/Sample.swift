import HBTConfig
import HBTTypes

/// A complete settings file; the numbers at the right are what the tests of messages count on.
enum Sample {
    static let text = """
        name = "sample"
        compatibility = "none"

        [[asset]]
        symbol = "BTCUSDT"
        data = ["../data/day1.npz", "../data/day2.npz"]
        initial_snapshot = "../data/day0_eod.npz"
        tick_size = 0.1
        lot_size = 0.001
        contract = { kind = "linear", size = 1.0 }
        book = { kind = "roi", lower = 10_000.0, upper = 150_000.0 }
        latency = { kind = "constant", entry = "10ms", response = "12ms" }
        feed_latency_offset = "-3us"
        queue = { kind = "power_prob", n = 3.0 }
        exchange = "no_partial_fill"
        fee = { kind = "trading_value", maker = -0.00005, taker = 0.0007 }
        last_trades_capacity = 100

        [strategy]
        type = "obi"
        interval = "1s"
        half_spread = 80.0

        [record]
        at = "step"

        [report]
        resample = "10s"
        partition = "daily"
        book_size = 100_000.0
        trading_days_per_year = 365
        """

    /// What a run cannot do without.
    static let least = """
        [[asset]]
        symbol = "BTCUSDT"
        data = "a.npz"
        tick_size = 0.1
        lot_size = 0.001
        [strategy]
        type = "obi"
        """

    static let types = ["grid", "obi"]

    static func read(
        _ text: String, file: String = "/runs/strategies/run.toml", set overrides: [String] = []
    ) throws(SettingsError) -> RunSettings {
        try RunSettingsReader.read(SettingsFile.parse(text: text, file: file, overrides: overrides.map { SettingArgument($0) }), strategyTypes: types)
    }

    /// `text` with its one line starting with `key =` (or equal to it) replaced.
    static func with(_ key: String, _ line: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("\(key) =") || $0 == key ? line : String($0) }.joined(separator: "\n")
    }

    /// The message that refuses `text`; nil when it is accepted.
    static func refusal(_ text: String, file: String = "run.toml", set overrides: [String] = []) -> String? {
        do {
            _ = try read(text, file: file, set: overrides)
            return nil
        } catch {
            return error.description
        }
    }
}
