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

    /// A node of the factor graph.
    struct Factor: Encodable {
        var id: String
        /// null while undefined.
        var value: Double?
        var isWarm: Bool

        enum CodingKeys: String, CodingKey { case id, value, isWarm }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(id, forKey: .id)
            try container.encode(value, forKey: .value)
            try container.encode(isWarm, forKey: .isWarm)
        }

        static func all(_ backtest: Backtest) -> [Factor] {
            guard let graph = backtest.factors else { return [] }
            return graph.nodeIds.compactMap { id in
                graph.handle(id).map { handle in
                    let value = backtest.factor(handle)
                    return Factor(id: id, value: value.isFinite ? value : nil, isWarm: backtest.isWarm(handle))
                }
            }
        }
    }

    var nowNs: Int64
    var steps: Int64
    var rows: Int64
    var digest: String
    var assets: [Asset]
    var factors: [Factor]

    init(_ run: StrategyRun, levels: Int) {
        let backtest = run.backtest
        nowNs = backtest.nowNs
        steps = run.steps
        rows = backtest.rowsRead
        digest = backtest.digest.hex
        factors = Factor.all(backtest)
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
