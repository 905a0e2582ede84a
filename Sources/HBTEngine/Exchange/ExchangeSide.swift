import HBTTypes

/// The simulated venue of one asset: its book, our orders resting there, and its answers.
///
/// Own orders never appear in the book, take nothing from it, and do not queue behind each other:
/// the market is replayed as it happened.
struct ExchangeSide<Levels: LevelStore> {
    var book: DepthBook<Levels>
    var orders = OrderTable()
    var buys = RestingIndex(isBid: true)
    var sells = RestingIndex(isBid: false)
    /// Answers on their way to the local side.
    var responses = OrderBus()
    var markouts = MarkoutTracker()
    let queue: QueueRule
    let model: ExchangeModel
    let lotSize: Double
    let isReference: Bool
    var latency: OrderLatency
    var executions: UInt64 = 0
    /// Why the latency data could not be read, if it could not.
    private(set) var failure: (any Error)?
    /// Ids of filled orders that still rest: the reference removes them when the row has been handled,
    /// and a row that fails leaves them to a later one.
    var unremoved: [UInt64] = []
    /// Slots of the orders that one event visits; kept to save the allocation.
    var visited = SlotList()

    init(spec: AssetSpec, latency: OrderLatency, isReference: Bool) {
        let grid = Grid(tickSize: spec.tickSize, lotSize: spec.lotSize)
        self.init(spec: spec, latency: latency, book: DepthBook(grid: grid, spec: spec.book, isReference: isReference))
    }

    init(spec: AssetSpec, latency: OrderLatency, book: DepthBook<Levels>) {
        self.book = book
        isReference = book.isReference
        queue = QueueRule(model: spec.queue, lotSize: spec.lotSize, isReference: book.isReference)
        model = spec.exchange
        lotSize = spec.lotSize
        self.latency = latency
    }

    func deallocate() {
        book.deallocate()
        orders.deallocate()
        buys.deallocate()
        sells.deallocate()
        responses.deallocate()
        visited.deallocate()
    }

    /// Sends a message to the local side; its time of cause is its `exchangeNs`.
    mutating func respond(_ order: Order) {
        do {
            let latencyNs = try latency.latency(at: order.exchangeNs)
            responses.append(order, at: order.exchangeNs &+ latencyNs)
        } catch {
            failure = error
        }
    }

    /// Puts an order to rest at the back of its level.
    mutating func rest(_ order: Order) {
        var order = order
        order.queueAhead = order.side == .buy ? book.bidQuantity(order.priceTick) : book.askQuantity(order.priceTick)
        order.queueTraded = 0
        let slot = orders.insert(order)
        if order.side == .buy {
            buys.insert(tick: order.priceTick, slot: slot)
            book.bids.markOwn(order.priceTick, true)
        } else {
            sells.insert(tick: order.priceTick, slot: slot)
            book.asks.markOwn(order.priceTick, true)
        }
    }

    mutating func removeResting(_ slot: Int) {
        let order = orders[slot]
        if order.side == .buy {
            buys.remove(tick: order.priceTick, slot: slot)
            book.bids.markOwn(order.priceTick, buys.holds(order.priceTick))
        } else {
            sells.remove(tick: order.priceTick, slot: slot)
            book.asks.markOwn(order.priceTick, sells.holds(order.priceTick))
        }
        orders.remove(slot: slot)
    }

    /// Books an execution on `order`; the caller sends it.
    mutating func execute(_ order: inout Order, quantity: Double, tick: Int64, isMaker: Bool, at ns: Int64) {
        executions += 1
        order.executionId = executions
        order.isMaker = isMaker
        order.executedPriceTick = tick
        order.executedQuantity = quantity
        order.exchangeNs = ns
        markouts.start(execution: executions, at: ns, mid: book.mid)
    }

    /// True when what is left is at least half a lot.
    @inline(__always) func isOpen(_ leaves: Double) -> Bool { roundedInt(leaves / lotSize) > 0 }

    var restingOrders: [Order] { (buys.entries + sells.entries).map { orders[Int($0.slot)] } }
}
