import HBTTypes

extension Backtest {
    /// Top of the local book.
    public func depth(_ asset: Int) -> DepthView { with(asset) { $0.depth } }
    /// Local quantity at a tick: 0 when none, NaN outside a range of interest.
    public func bidQuantity(_ asset: Int, atTick tick: Int64) -> Double { assets[asset].bidQuantity(atTick: tick) }
    public func askQuantity(_ asset: Int, atTick tick: Int64) -> Double { assets[asset].askQuantity(atTick: tick) }

    public func state(_ asset: Int) -> StateValues { with(asset) { $0.account.state } }

    /// Orders we know of, in order of submission.
    public func orders(_ asset: Int) -> [Order] {
        let table = assets[asset].orders
        return table.slotsByAge().map { table[$0] }
    }
    public func order(_ asset: Int, id: UInt64) -> Order? {
        with(asset) { replay in replay.orders.slot(id).map { replay.orders[$0] } }
    }

    /// Times of the newest market row; nil before the first.
    public func feedLatency(_ asset: Int) -> (exchangeNs: Int64, localNs: Int64)? { with(asset) { $0.feedLatency } }
    /// Times of the newest answer: request sent, venue acted, answer received.
    public func orderLatency(_ asset: Int) -> (requestNs: Int64, exchangeNs: Int64, responseNs: Int64)? {
        assets[asset].orderLatency
    }
    /// Market trades since the last clearing (`lastTradesCapacity` of the asset must not be 0).
    public func lastTrades(_ asset: Int) -> [MarketEvent] { assets[asset].lastTrades }

    /// The visible local book as rows of an end-of-day snapshot.
    public func snapshotRows(_ asset: Int) -> [MarketEvent] { assets[asset].snapshotRows() }

    /// Our orders as the simulated venue holds them, with their queue positions.
    public func restingOrders(_ asset: Int) -> [Order] { assets[asset].restingOrders }
    /// Requests on their way to the venue, with the times at which they arrive.
    public func requestsUnderWay(_ asset: Int) -> [(timeNs: Int64, order: Order)] {
        assets[asset].requests.pending.map { ($0.timeNs, $0.order) }
    }
    /// Answers on their way to us, with the times at which they arrive.
    public func answersUnderWay(_ asset: Int) -> [(timeNs: Int64, order: Order)] {
        assets[asset].responses.pending.map { ($0.timeNs, $0.order) }
    }

    /// Levels of the local book from the best price outward, at most `count` a side: tick and quantity.
    public func levels(_ asset: Int, count: Int) -> (bids: [(tick: Int64, quantity: Double)], asks: [(tick: Int64, quantity: Double)]) {
        var bids: [(tick: Int64, quantity: Double)] = [], asks: [(tick: Int64, quantity: Double)] = []
        let grid = assets[asset].grid
        for row in assets[asset].snapshotRows() {
            if row.has(EventFlags.buy) {
                if bids.count < count { bids.append((grid.tick(row.price), row.quantity)) }
            } else if asks.count < count {
                asks.append((grid.tick(row.price), row.quantity))
            }
        }
        return (bids, asks)
    }
}
