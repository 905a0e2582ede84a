import HBTTypes

/// What a strategy may see and do, in a backtest and live alike.
public final class StrategyContext {
    let backtest: Backtest
    /// The same: counting references costs a step more than most of what it calls.
    private let unretained: Unmanaged<Backtest>

    init(_ backtest: Backtest) {
        self.backtest = backtest
        unretained = .passUnretained(backtest)
    }

    @inline(__always) private func run<Result>(_ body: (Backtest) -> Result) -> Result { unretained._withUnsafeGuaranteedRef(body) }

    /// True: statistics are summed as the reference's strategies sum them, to the last bit.
    public var isReference: Bool { run { $0.isReference } }

    /// The strategy's clock, nanoseconds since the Unix epoch.
    public var nowNs: Int64 { run { $0.nowNs } }
    public var assetCount: Int { run { $0.assetCount } }
    public func spec(_ asset: Int = 0) -> AssetSpec { backtest.assets[asset].spec }
    public func grid(_ asset: Int = 0) -> Grid { backtest.assets[asset].grid }

    public func depth(_ asset: Int = 0) -> DepthView { run { $0.with(asset) { $0.depth } } }
    /// Quantity at a tick: 0 when none, NaN outside a range of interest.
    public func bidQuantity(_ asset: Int = 0, atTick tick: Int64) -> Double { run { $0.with(asset) { $0.bidQuantity(atTick: tick) } } }
    public func askQuantity(_ asset: Int = 0, atTick tick: Int64) -> Double { run { $0.with(asset) { $0.askQuantity(atTick: tick) } } }
    /// Sum of bid quantities over `lower..<upper` ticks.
    public func sumBids(_ asset: Int = 0, from lower: Int64, upTo upper: Int64) -> Double {
        backtest.assets[asset].sumBids(from: lower, upTo: upper)
    }
    public func sumAsks(_ asset: Int = 0, from lower: Int64, upTo upper: Int64) -> Double {
        backtest.assets[asset].sumAsks(from: lower, upTo: upper)
    }
    /// A node of the run's factor graph, looked up once; nil when there is no such node or no graph.
    public func factorHandle(_ id: String) -> FactorHandle? { backtest.factors?.handle(id) }
    /// Value of a node at this moment: all rows up to now applied; NaN while undefined.
    public func factor(_ handle: FactorHandle) -> Double { run { $0.factor(handle) } }
    /// Two numbers between which `factor` surely lies, where the exact value costs much more; else nil.
    ///
    /// A strategy that comes to the same decision by both need not ask for the value, if everything from
    /// there to the decision is monotone (sums, products with a constant, rounding, smallest, largest).
    public func factorBounds(_ handle: FactorHandle) -> FactorInterval? { run { $0.factorBounds(handle) } }
    /// True when the node, and all it is made of, has seen as much as its windows ask for.
    public func isWarm(_ handle: FactorHandle) -> Bool { backtest.isWarm(handle) }

    public func state(_ asset: Int = 0) -> StateValues { run { $0.with(asset) { $0.account.state } } }
    public func position(_ asset: Int = 0) -> Double { run { $0.with(asset) { $0.account.state.position } } }

    /// Calls `body` with each order we know of, in no particular order of age: use it to decide,
    /// not to number.
    public func forEachOrder(_ asset: Int = 0, _ body: (Order) -> Void) {
        backtest.with(asset) { replay in
            for slot in 0..<replay.orders.slotCount where replay.orders.isLive(slot) { body(replay.orders[slot]) }
        }
    }
    public func order(_ asset: Int = 0, id: UInt64) -> Order? { backtest.order(asset, id: id) }
    public func hasOrder(_ asset: Int = 0, id: UInt64) -> Bool { run { $0.with(asset) { $0.orders.slot(id) != nil } } }

    /// Market trades since the last `clearLastTrades`; needs `last_trades_capacity` above 0.
    public func lastTrades(_ asset: Int = 0) -> [MarketEvent] { backtest.assets[asset].lastTrades }
    public func clearLastTrades(_ asset: Int = 0) { backtest.assets[asset].clearLastTrades() }

    public func clearInactiveOrders(_ asset: Int = 0) { run { $0.with(asset) { $0.clearInactiveOrders() } } }

    @discardableResult
    public func submit(
        _ asset: Int = 0, side: Side, orderId: UInt64, price: Double, quantity: Double,
        timeInForce: TimeInForce = .gtc, type: OrderType = .limit
    ) -> ReturnCode {
        run {
            $0.submit(asset: asset, side: side, orderId: orderId, price: price, quantity: quantity, timeInForce: timeInForce, type: type)
        }
    }

    @discardableResult
    public func cancel(_ asset: Int = 0, orderId: UInt64) -> ReturnCode { run { $0.cancel(asset: asset, orderId: orderId) } }

    @discardableResult
    public func modify(_ asset: Int = 0, orderId: UInt64, price: Double, quantity: Double) -> ReturnCode {
        run { $0.modify(asset: asset, orderId: orderId, price: price, quantity: quantity) }
    }
}
