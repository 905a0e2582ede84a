import HBTEngine
import HBTTypes

/// Everything a strategy can see of one asset, in the shape of a trace entry.
struct Observation {
    let state: StateValues
    let depth: DepthView
    /// Sorted by id.
    let orders: [Order]
    let value: VectorValue

    init(_ backtest: Backtest, asset: Int, probedTicks: [Int64]) {
        state = backtest.state(asset)
        depth = backtest.depth(asset)
        orders = backtest.orders(asset).sorted { $0.orderId < $1.orderId }
        var members: [(key: String, value: VectorValue)] = [
            ("state", .object([
                ("position", .double(state.position)), ("balance", .double(state.balance)), ("fee", .double(state.fee)),
                ("num_trades", .integer(state.numTrades)), ("trading_volume", .double(state.tradingVolume)),
                ("trading_value", .double(state.tradingValue)),
            ])),
            ("depth", .object([
                ("best_bid_tick", .integer(depth.bestBidTick)), ("best_ask_tick", .integer(depth.bestAskTick)),
                ("best_bid", .double(depth.bestBid)), ("best_ask", .double(depth.bestAsk)),
                ("best_bid_qty", .double(depth.bestBidQuantity)), ("best_ask_qty", .double(depth.bestAskQuantity)),
            ])),
            ("feed_latency", backtest.feedLatency(asset).map { .array([.integer($0.exchangeNs), .integer($0.localNs)]) } ?? .null),
            ("order_latency", backtest.orderLatency(asset).map {
                .array([.integer($0.requestNs), .integer($0.exchangeNs), .integer($0.responseNs)])
            } ?? .null),
            ("last_trades_len", .integer(Int64(backtest.lastTrades(asset).count))),
            ("orders", .array(orders.map(Self.order))),
        ]
        if !probedTicks.isEmpty {
            members.append(("bid_qty_at", .object(probedTicks.map {
                (String($0), .double(backtest.bidQuantity(asset, atTick: $0)))
            })))
            members.append(("ask_qty_at", .object(probedTicks.map {
                (String($0), .double(backtest.askQuantity(asset, atTick: $0)))
            })))
        }
        value = .object(members)
    }

    private static func order(_ order: Order) -> VectorValue {
        .object([
            ("order_id", VectorValue(order.orderId)), ("side", .integer(Int64(order.side.rawValue))),
            ("order_type", .integer(Int64(order.type.rawValue))),
            ("time_in_force", .integer(Int64(order.timeInForce.rawValue))), ("price_tick", .integer(order.priceTick)),
            ("qty", .double(order.quantity)), ("leaves_qty", .double(order.leavesQuantity)),
            ("status", .integer(Int64(order.status.rawValue))), ("req", .integer(Int64(order.request.rawValue))),
            ("exec_price_tick", .integer(order.executedPriceTick)), ("exec_qty", .double(order.executedQuantity)),
            ("maker", .bool(order.isMaker)), ("exch_timestamp", .integer(order.exchangeNs)),
            ("local_timestamp", .integer(order.localNs)),
            ("queue_at_cancel", .object([
                ("front_qty", .double(order.queueAhead)), ("cum_trade_qty", .double(order.queueTraded)),
            ])),
        ])
    }

    /// A row of HftBacktest's recorder at this moment.
    func recordRow(nowNs: Int64) -> VectorValue {
        .array([
            .integer(nowNs), .double((depth.bestBid + depth.bestAsk) / 2.0), .double(state.position), .double(state.balance),
            .double(state.fee), .integer(state.numTrades), .double(state.tradingVolume), .double(state.tradingValue),
        ])
    }
}
