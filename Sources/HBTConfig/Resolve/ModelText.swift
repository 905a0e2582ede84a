import HBTTypes

/// The models of an asset as inline tables.
enum ModelText {
    static func contract(_ contract: ContractSpec) -> String {
        switch contract {
        case .linear(let size): model("linear", [("size", SettingText.number(size))])
        case .inverse(let size): model("inverse", [("size", SettingText.number(size))])
        }
    }

    static func book(_ book: BookSpec) -> String {
        switch book {
        case .hash: model("hash", [])
        case .roi(let lower, let upper):
            model("roi", [("lower", SettingText.number(lower)), ("upper", SettingText.number(upper))])
        }
    }

    static func latency(_ latency: LatencyModel, _ source: LatencySettings) -> String {
        switch (latency, source) {
        case (.constant(let entry, let response), _):
            model("constant", [("entry", SettingText.duration(entry)), ("response", SettingText.duration(response))])
        case (.interpolated, .feed(let feed)):
            model("feed", [
                ("entry_multiplier", SettingText.number(feed.entryMultiplier)),
                ("entry_offset", SettingText.duration(feed.entryOffsetNs)),
                ("response_multiplier", SettingText.number(feed.responseMultiplier)),
                ("response_offset", SettingText.duration(feed.responseOffsetNs)),
                ("resample", SettingText.duration(feed.resamplingNs)),
            ])
        case (.interpolated(let offset), .files(let files)):
            interpolated(files, offset)
        case (.interpolated(let offset), .constant):
            // Rows given in memory: there is no file to name.
            interpolated([], offset)
        }
    }

    private static func interpolated(_ files: [String], _ offset: Int64) -> String {
        let list = "[" + files.map(SettingText.string).joined(separator: ", ") + "]"
        return model("interpolated", [("file", list), ("offset", SettingText.duration(offset))])
    }

    static func queue(_ queue: QueueModel) -> String {
        switch queue {
        case .riskAverse: model("risk_averse", [])
        case .logProb: model("log_prob", [])
        case .logProb2: model("log_prob2", [])
        case .powerProb(let n): model("power_prob", [("n", SettingText.number(n))])
        case .powerProb2(let n): model("power_prob2", [("n", SettingText.number(n))])
        case .powerProb3(let n): model("power_prob3", [("n", SettingText.number(n))])
        }
    }

    static func margin(_ margin: MarginSpec) -> String {
        let pairs = [("leverage", margin.leverage), ("maintenance", margin.maintenance), ("fee", margin.fee)]
        return "{ " + pairs.map { "\($0.0) = \(SettingText.number($0.1))" }.joined(separator: ", ") + " }"
    }

    static func fee(_ fee: FeeSpec) -> String {
        model(fee.kind.rawValue, [
            ("maker", SettingText.number(fee.maker)), ("taker", SettingText.number(fee.taker)),
            ("buy", SettingText.number(fee.buy)), ("sell", SettingText.number(fee.sell)),
        ])
    }

    private static func model(_ kind: String, _ pairs: [(key: String, text: String)]) -> String {
        SettingText.table([("kind", SettingText.string(kind))] + pairs)
    }
}
