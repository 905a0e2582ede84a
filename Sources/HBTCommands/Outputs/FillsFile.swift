import HBTTypes

/// `fills.csv`: every execution as it was booked, with what happened afterwards.
///
/// Quantities are base currency (contracts for inverse instruments); `fee_settle` is quote currency for
/// linear and base currency for inverse contracts.
struct FillsFile {
    private let file: CSVFile
    private let symbols: [String]

    init(path: String, assets: [AssetSpec]) throws(CommandError) {
        symbols = assets.map { CSVFile.field($0.symbol) }
        let mids = FillRecord.markoutHorizonsNs.map { "mid_after_\(DurationText.text(ns: $0))_quote" }
        file = try CSVFile(
            path: path,
            header: [
                "asset", "symbol", "local_ns", "exchange_ns", "order_sent_local_ns", "order_id", "side", "liquidity", "price_tick",
                "price_quote", "quantity_base", "fee_settle", "position_after_base", "mid_at_fill_quote",
            ] + mids)
    }

    func add(_ fill: FillRecord) throws(CommandError) {
        file.add(fill.assetIndex)
        file.add(symbols[fill.assetIndex])
        file.add(fill.localNs)
        file.add(fill.exchangeNs)
        file.add(fill.orderNs)
        file.add(fill.orderId)
        file.add(fill.side.name)
        file.add(fill.isMaker ? "maker" as StaticString : "taker")
        file.add(fill.priceTick)
        file.add(fill.price)
        file.add(fill.quantity)
        file.add(fill.fee)
        file.add(fill.position)
        file.add(fill.midAtFill)
        file.add(fill.midAfter.0)
        file.add(fill.midAfter.1)
        file.add(fill.midAfter.2)
        file.add(fill.midAfter.3)
        try file.endRow()
    }

    func finish() throws(CommandError) { try file.finish() }
}
