import HBTTypes

/// Reads one `[[asset]]`.
struct AssetReader {
    let table: SettingsTable
    /// Where relative paths start, absolute.
    let folder: String

    func read() throws(SettingsError) -> AssetSettings {
        let symbol = try table.required("symbol", table.label("symbol"), write: "symbol = \"BTCUSDT\"")
        let data = try table.required("data", table.paths("data", from: folder), write: "data = [\"…npz\"]")
        let snapshot = try table.path("initial_snapshot", from: folder)
        let tickSize = try table.required("tick_size", table.positive("tick_size"), write: "tick_size = 0.1 (quote currency)")
        let lotSize = try table.required("lot_size", table.positive("lot_size"), write: "lot_size = 0.001 (base currency)")
        var spec = AssetSpec(symbol: symbol, tickSize: tickSize, lotSize: lotSize)
        spec.contract = try contract() ?? spec.contract
        spec.book = try book(tickSize: tickSize) ?? spec.book
        let latency = try latency()
        spec.latency = latency?.model ?? spec.latency
        spec.feedLatencyOffsetNs = try table.durationNs("feed_latency_offset") ?? 0
        spec.queue = try queue() ?? spec.queue
        let exchanges = [ExchangeModel.noPartialFill.rawValue, ExchangeModel.partialFill.rawValue]
        spec.exchange = try table.word("exchange", of: exchanges).flatMap(ExchangeModel.init) ?? spec.exchange
        spec.fee = try fee() ?? spec.fee
        spec.lastTradesCapacity = try lastTradesCapacity()
        let marks = try table.paths("marks", from: folder) ?? []
        spec.marksToMarket = try table.bool("mark_to_market") ?? false
        spec.margin = try margin()
        for (key, isSet) in [("mark_to_market", spec.marksToMarket), ("margin", spec.margin != nil)] where isSet && marks.isEmpty {
            throw table.error(key, "needs mark prices; write marks = \"…npz\"")
        }
        try table.finish()
        var settings = AssetSettings(
            spec: spec, dataFiles: data, initialSnapshotFile: snapshot, latencySource: latency?.source ?? .constant,
            dataLocation: table.place(of: "data")
        )
        settings.markFiles = marks
        return settings
    }

    private func contract() throws(SettingsError) -> ContractSpec? {
        guard let model = try table.model("contract", kinds: ["linear", "inverse"]) else { return nil }
        let size = try model.table.positive("size") ?? 1
        try model.table.finish()
        return model.kind == "linear" ? .linear(size: size) : .inverse(size: size)
    }

    private func queue() throws(SettingsError) -> QueueModel? {
        let kinds = ["risk_averse", "log_prob", "log_prob2", "power_prob", "power_prob2", "power_prob3"]
        guard let model = try table.model("queue", kinds: kinds, later: ["l3_fifo"]) else { return nil }
        let makers: [String: (Double) -> QueueModel] = [
            "power_prob": { .powerProb(n: $0) }, "power_prob2": { .powerProb2(n: $0) }, "power_prob3": { .powerProb3(n: $0) },
        ]
        let result: QueueModel
        if let make = makers[model.kind] {
            let n = try model.table.positive("n")
            let asTable = "queue = { kind = \"\(model.kind)\", n = 3.0 }"
            result = make(try model.table.required("n", n, write: asTable))
        } else {
            if model.table.entry("n") != nil {
                throw model.table.error("n", "belongs to power_prob, power_prob2 and power_prob3; \(model.kind) has none")
            }
            result = model.kind == "risk_averse" ? .riskAverse : model.kind == "log_prob" ? .logProb : .logProb2
        }
        try model.table.finish()
        return result
    }

    private func fee() throws(SettingsError) -> FeeSpec? {
        let kinds: [FeeSpec.Kind] = [.tradingValue, .tradingQuantity, .flatPerTrade]
        guard let model = try table.model("fee", kinds: kinds.map(\.rawValue)) else { return nil }
        var fee = FeeSpec(kind: FeeSpec.Kind(rawValue: model.kind) ?? .tradingValue)
        let isRate = fee.kind == .tradingValue
        fee.maker = try model.table.required("maker", charge("maker", in: model.table, isRate), write: "maker = -0.00005 (negative is a rebate)")
        fee.taker = try model.table.required("taker", charge("taker", in: model.table, isRate), write: "taker = 0.0007")
        fee.buy = try charge("buy", in: model.table, true) ?? 0
        fee.sell = try charge("sell", in: model.table, true) ?? 0
        try model.table.finish()
        return fee
    }

    /// Isolated margin.
    private func margin() throws(SettingsError) -> MarginSpec? {
        guard let margin = try table.table("margin") else { return nil }
        let write = "margin = { leverage = 20, maintenance = 0.004 }"
        let leverage = try margin.required("leverage", margin.positive("leverage"), write: write)
        let maintenance = try margin.required("maintenance", margin.positive("maintenance"), write: write)
        let fee = try margin.finite("fee") ?? 0
        guard leverage >= 1 else { throw margin.error("leverage", "= \(SettingText.number(leverage)) must be at least 1") }
        guard maintenance < 1 / leverage else {
            throw margin.error("maintenance", "= \(SettingText.number(maintenance)) must be below 1 ÷ leverage: every position would be taken away at once")
        }
        guard fee >= 0, fee < 1 else { throw margin.error("fee", "= \(SettingText.number(fee)) is a rate on value; between 0 and 1") }
        try margin.finish()
        return MarginSpec(leverage: leverage, maintenance: maintenance, fee: fee)
    }

    /// A fee; a rate on traded value of 1 or more is percent or basis points written by mistake.
    private func charge(_ key: String, in table: SettingsTable, _ isRate: Bool) throws(SettingsError) -> Double? {
        guard let value = try table.finite(key) else { return nil }
        if isRate && abs(value) >= 1 {
            throw table.error(key, "= \(SettingText.number(value)) is a rate on traded value and must lie between -1 and 1; 0.0007 is 7 basis points")
        }
        return value
    }

    private func lastTradesCapacity() throws(SettingsError) -> Int {
        let capacity = try table.integer("last_trades_capacity") ?? 0
        guard capacity >= 0 else { throw table.error("last_trades_capacity", "= \(capacity) must not be negative; 0 keeps no trades") }
        return Int(capacity)
    }
}
