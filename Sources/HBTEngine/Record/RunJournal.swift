import HBTTypes

/// Everything a run decides and learns, on its way out of the engine; keeps the digest.
///
/// The shell drains it between steps, so that it stays as small as one stretch of the run.
final class RunJournal {
    // Nobody holds on to these while a method of ours runs: no checks of exclusive access a message.
    @exclusivity(unchecked) var digest = Digest()
    /// False: requests, answers and fills are digested but not kept.
    @exclusivity(unchecked) var keepsOrders = false
    @exclusivity(unchecked) var keepsFills = false
    @exclusivity(unchecked) var orders: [OrderRecord] = []
    /// Booked, waiting for their markouts; with the number of the execution.
    @exclusivity(unchecked) var pendingFills: [(fill: FillRecord, execution: UInt64)] = []
    @exclusivity(unchecked) var fillCount: Int64 = 0
    @exclusivity(unchecked) var requestCount: Int64 = 0
    @exclusivity(unchecked) var responseCount: Int64 = 0

    func sent(_ kind: OrderRecord.Kind, _ order: Order, asset: Int) {
        requestCount += 1
        add(kind: UInt64(kind.rawValue), order, asset: asset, at: order.localNs)
        if keepsOrders { orders.append(OrderRecord(kind: kind, assetIndex: asset, localNs: order.localNs, order: order)) }
    }

    func received(_ message: Order, at ns: Int64, asset: Int) {
        responseCount += 1
        add(kind: UInt64(OrderRecord.Kind.response.rawValue), message, asset: asset, at: ns)
        if keepsOrders { orders.append(OrderRecord(kind: .response, assetIndex: asset, localNs: ns, order: message)) }
    }

    func filled(_ fill: FillRecord, execution: UInt64) {
        fillCount += 1
        digest.add(fill.price)
        digest.add(fill.quantity)
        digest.add(fill.fee)
        digest.add(fill.position)
        if keepsFills { pendingFills.append((fill, execution)) }
    }

    func recorded(_ row: RecordRow, asset: Int) {
        digest.add(UInt64(0x52) << 32 | UInt64(asset))
        digest.add(row.timestampNs)
        digest.add(row.price)
        digest.add(row.position)
        digest.add(row.balance)
        digest.add(row.fee)
        digest.add(row.numTrades)
        digest.add(row.tradingVolume)
        digest.add(row.tradingValue)
    }

    private func add(kind: UInt64, _ order: Order, asset: Int, at ns: Int64) {
        digest.add(kind << 56 | UInt64(asset))
        digest.add(ns)
        digest.add(order.orderId)
        digest.add(order.priceTick)
        digest.add(order.quantity)
        digest.add(order.leavesQuantity)
        digest.add(order.exchangeNs)
        digest.add(order.executedPriceTick)
        digest.add(order.executedQuantity)
        var packed = UInt64(UInt8(bitPattern: order.side.rawValue))
        packed = packed << 8 | UInt64(order.type.rawValue)
        packed = packed << 8 | UInt64(order.timeInForce.rawValue)
        packed = packed << 8 | UInt64(order.status.rawValue)
        packed = packed << 8 | UInt64(order.request.rawValue)
        digest.add(packed << 8 | (order.isMaker ? 1 : 0))
    }
}
