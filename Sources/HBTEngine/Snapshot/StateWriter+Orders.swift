import HBTTypes

extension StateWriter {
    /// Bytes an order takes.
    static let orderBytes = 8 * 11 + 6
    /// Bytes a fill takes.
    static let fillBytes = 8 * 15 + 2

    public mutating func put(_ order: Order) {
        put(order.orderId)
        put(order.priceTick)
        put(order.quantity)
        put(order.leavesQuantity)
        put(order.executedPriceTick)
        put(order.executedQuantity)
        put(order.exchangeNs)
        put(order.localNs)
        put(order.queueAhead)
        put(order.queueTraded)
        put(order.executionId)
        put(UInt8(bitPattern: order.side.rawValue))
        put(order.type.rawValue)
        put(order.timeInForce.rawValue)
        put(order.status.rawValue)
        put(order.request.rawValue)
        put(order.isMaker)
    }

    public mutating func put(_ fill: FillRecord) {
        put(fill.assetIndex)
        put(fill.orderId)
        put(UInt8(bitPattern: fill.side.rawValue))
        put(fill.isMaker)
        put(fill.priceTick)
        put(fill.price)
        put(fill.quantity)
        put(fill.fee)
        put(fill.exchangeNs)
        put(fill.localNs)
        put(fill.orderNs)
        put(fill.position)
        put(fill.midAtFill)
        put(fill.midAfter.0)
        put(fill.midAfter.1)
        put(fill.midAfter.2)
        put(fill.midAfter.3)
    }
}

extension StateReader {
    public mutating func order() throws(StateError) -> Order {
        var order = Order(orderId: try word(), side: .none, priceTick: try int64(), quantity: try double())
        order.leavesQuantity = try double()
        order.executedPriceTick = try int64()
        order.executedQuantity = try double()
        order.exchangeNs = try int64()
        order.localNs = try int64()
        order.queueAhead = try double()
        order.queueTraded = try double()
        order.executionId = try word()
        order.side = try code(Side(rawValue: Int8(bitPattern: try byte())), "side")
        order.type = try code(OrderType(rawValue: try byte()), "order type")
        order.timeInForce = try code(TimeInForce(rawValue: try byte()), "time in force")
        order.status = try code(OrderStatus(rawValue: try byte()), "order status")
        order.request = try code(OrderStatus(rawValue: try byte()), "request")
        order.isMaker = try bool()
        return order
    }

    public mutating func fill() throws(StateError) -> FillRecord {
        FillRecord(
            assetIndex: try int(), orderId: try word(), side: try code(Side(rawValue: Int8(bitPattern: try byte())), "side"),
            isMaker: try bool(), priceTick: try int64(), price: try double(), quantity: try double(),
            fee: try double(), exchangeNs: try int64(), localNs: try int64(), orderNs: try int64(), position: try double(),
            midAtFill: try double(), midAfter: (try double(), try double(), try double(), try double()))
    }

    func code<T>(_ value: T?, _ name: String) throws(StateError) -> T {
        guard let value else { throw StateError("an unknown \(name) (byte \(offset - 1))") }
        return value
    }
}
