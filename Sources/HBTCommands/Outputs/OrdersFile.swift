import HBTTypes

/// `orders.csv`: every request we sent and every answer we received, in order.
struct OrdersFile {
    private let file: CSVFile
    private let symbols: [String]
    private let tickSizes: [Double]

    init(path: String, assets: [AssetSpec]) throws(CommandError) {
        symbols = assets.map { CSVFile.field($0.symbol) }
        tickSizes = assets.map(\.tickSize)
        file = try CSVFile(
            path: path,
            header: [
                "asset", "symbol", "event", "local_ns", "exchange_ns", "request_local_ns", "order_id", "side", "type", "time_in_force",
                "price_tick", "price_quote", "quantity_base", "leaves_quantity_base", "status", "request", "executed_price_quote",
                "executed_quantity_base", "liquidity",
            ])
    }

    func add(_ record: OrderRecord) throws(CommandError) {
        let order = record.order
        let tickSize = tickSizes[record.assetIndex]
        file.add(record.assetIndex)
        file.add(symbols[record.assetIndex])
        file.add(record.kind.name)
        file.add(record.localNs)
        // 0: the venue has not seen it.
        file.add(order.exchangeNs)
        file.add(order.localNs)
        file.add(order.orderId)
        file.add(order.side.name)
        file.add(order.type.name)
        file.add(order.timeInForce.name)
        file.add(order.priceTick)
        file.add(Double(order.priceTick) * tickSize)
        file.add(order.quantity)
        file.add(order.leavesQuantity)
        file.add(order.status.name)
        file.add(order.request.name)
        if order.executedQuantity != 0 {
            file.add(Double(order.executedPriceTick) * tickSize)
            file.add(order.executedQuantity)
            file.add(order.isMaker ? "maker" as StaticString : "taker")
        } else {
            file.add("" as StaticString)
            file.add(order.executedQuantity)
            file.add("" as StaticString)
        }
        try file.endRow()
    }

    func finish() throws(CommandError) { try file.finish() }
}
