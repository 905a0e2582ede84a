import HBTEngine
import HBTTypes

/// A run's state as JSON, for machines: the same as `StateText`.
struct StateDocument: Encodable {
    struct Level: Encodable {
        var price: Double
        var quantity: Double
    }

    struct OrderState: Encodable {
        var id: UInt64
        var side: String
        var priceTick: Int64
        var quantity: Double
        var leaves: Double
        var status: String
        var request: String
        var queueAhead: Double
        var sentLocalNs: Int64
        var exchangeNs: Int64
        /// Of a message: when it arrives.
        var arrivalNs: Int64?

        init(_ order: Order, arrivalNs: Int64? = nil) {
            id = order.orderId
            side = "\(order.side.name)"
            priceTick = order.priceTick
            quantity = order.quantity
            leaves = order.leavesQuantity
            status = "\(order.status.name)"
            request = "\(order.request.name)"
            queueAhead = order.queueAhead
            sentLocalNs = order.localNs
            exchangeNs = order.exchangeNs
            self.arrivalNs = arrivalNs
        }
    }

    struct Asset: Encodable {
        var symbol: String
        var position: Double
        var balance: Double
        var fee: Double
        var numTrades: Int64
        var bids: [Level]
        var asks: [Level]
        var orders: [OrderState]
        var venueOrders: [OrderState]
        var requestsUnderWay: [OrderState]
        var answersUnderWay: [OrderState]
    }

    var nowNs: Int64
    var steps: Int64
    var rows: Int64
    var digest: String
    var assets: [Asset]

    init(_ run: StrategyRun, levels: Int) {
        let backtest = run.backtest
        nowNs = backtest.nowNs
        steps = run.steps
        rows = backtest.rowsRead
        digest = backtest.digest.hex
        assets = (0..<backtest.assetCount).map { index in
            let spec = backtest.spec(index), state = backtest.state(index)
            let grid = Grid(tickSize: spec.tickSize, lotSize: spec.lotSize)
            let (bids, asks) = backtest.levels(index, count: levels)
            return Asset(
                symbol: spec.symbol, position: state.position, balance: state.balance, fee: state.fee, numTrades: state.numTrades,
                bids: bids.map { Level(price: grid.price($0.tick), quantity: $0.quantity) },
                asks: asks.map { Level(price: grid.price($0.tick), quantity: $0.quantity) },
                orders: backtest.orders(index).map { OrderState($0) },
                venueOrders: backtest.restingOrders(index).map { OrderState($0) },
                requestsUnderWay: backtest.requestsUnderWay(index).map { OrderState($1, arrivalNs: $0) },
                answersUnderWay: backtest.answersUnderWay(index).map { OrderState($1, arrivalNs: $0) })
        }
    }
}
