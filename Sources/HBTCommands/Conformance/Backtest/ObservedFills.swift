import HBTTypes

/// Executions as they can be told from the orders seen after each step: several between two steps
/// collapse into the last.
struct ObservedFills {
    private struct Seen {
        var asset: Int
        var order: Order
    }
    private var seen: [Seen] = []
    private(set) var fills: [VectorValue] = []

    mutating func look(at orders: [Order], asset: Int, step: Int) {
        for order in orders {
            let index = seen.firstIndex { $0.asset == asset && $0.order.orderId == order.orderId }
            let previous = index.map { seen[$0].order }
            let isNews = previous.map { !Self.isSame($0, order) } ?? true
            if (order.status == .filled || order.status == .partiallyFilled) && isNews && isFill(order, previous) {
                fills.append(Self.fill(order, asset: asset, step: step))
            }
            if let index {
                seen[index].order = order
            } else {
                seen.append(Seen(asset: asset, order: order))
            }
        }
    }

    /// A partially filled order can change through a modify, too: that is no fill.
    private func isFill(_ order: Order, _ previous: Order?) -> Bool {
        let before = previous?.leavesQuantity ?? order.quantity
        return order.status == .filled || abs(before - order.executedQuantity - order.leavesQuantity) < 1e-9
    }

    private static func isSame(_ a: Order, _ b: Order) -> Bool {
        let floats = VectorComparison()
        return a.status == b.status && a.exchangeNs == b.exchangeNs && floats.isSame(a.executedQuantity, b.executedQuantity)
            && floats.isSame(a.leavesQuantity, b.leavesQuantity)
    }

    private static func fill(_ order: Order, asset: Int, step: Int) -> VectorValue {
        .object([
            ("asset", .integer(Int64(asset))), ("order_id", VectorValue(order.orderId)),
            ("side", .integer(Int64(order.side.rawValue))), ("status", .integer(Int64(order.status.rawValue))),
            ("exec_price_tick", .integer(order.executedPriceTick)), ("exec_qty", .double(order.executedQuantity)),
            ("leaves_qty", .double(order.leavesQuantity)), ("maker", .bool(order.isMaker)),
            ("exch_timestamp", .integer(order.exchangeNs)), ("observed_after_step", .integer(Int64(step))),
        ])
    }
}
