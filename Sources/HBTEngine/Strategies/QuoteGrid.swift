import HBTTypes

/// The quotes a strategy wants, brought about with the fewest messages: what rests off the grid is
/// cancelled, what is missing is sent, the rest keeps its place in the queue.
///
/// An order's id is its price tick, so a bid and an ask can never want the same id unless they cross.
struct QuoteGrid {
    private struct Quote {
        var orderId: UInt64
        var price: Double
    }
    private var bids: [Quote] = []
    private var asks: [Quote] = []
    /// How many of them count: arrays are written over, which is cheaper than emptying them.
    private var bidCount = 0
    private var askCount = 0
    private var cancels: [UInt64] = []

    mutating func removeAll() { (bidCount, askCount) = (0, 0) }

    private static func append(_ quote: Quote, to quotes: inout [Quote], _ count: inout Int) {
        if count < quotes.count { quotes[count] = quote } else { quotes.append(quote) }
        count += 1
    }

    /// Wants `levels` bids from `price` down, or asks from `price` up, `interval` apart.
    mutating func want(_ side: Side, from price: Double, levels: Int, interval: Double, tickSize: Double) {
        guard price.isFinite else { return }
        var price = price
        for _ in 0..<levels {
            let tick = saturatingInt((price / tickSize).rounded(.toNearestOrEven))
            let quote = Quote(orderId: UInt64(bitPattern: tick), price: price)
            if side == .buy {
                Self.append(quote, to: &bids, &bidCount)
                price -= interval
            } else {
                Self.append(quote, to: &asks, &askCount)
                price += interval
            }
        }
    }

    private func isWanted(_ side: Side, _ id: UInt64) -> Bool {
        if side == .buy {
            for i in 0..<bidCount where bids[i].orderId == id { return true }
        } else {
            for i in 0..<askCount where asks[i].orderId == id { return true }
        }
        return false
    }

    /// Cancels first, then bids from the best down, then asks from the best up.
    mutating func apply(to market: StrategyContext, asset: Int, quantity: Double) {
        if !cancels.isEmpty { cancels.removeAll(keepingCapacity: true) }
        // A copy shares the table's memory.
        let orders = market.backtest.with(asset) { $0.orders }
        for slot in 0..<orders.slotCount where orders.isLive(slot) && orders[slot].isCancellable {
            if !isWanted(orders[slot].side, orders[slot].orderId) { cancels.append(orders[slot].orderId) }
        }
        for i in 0..<cancels.count { market.cancel(asset, orderId: cancels[i]) }
        for i in 0..<bidCount where !market.hasOrder(asset, id: bids[i].orderId) {
            market.submit(asset, side: .buy, orderId: bids[i].orderId, price: bids[i].price, quantity: quantity, timeInForce: .gtx)
        }
        for i in 0..<askCount where !market.hasOrder(asset, id: asks[i].orderId) {
            market.submit(asset, side: .sell, orderId: asks[i].orderId, price: asks[i].price, quantity: quantity, timeInForce: .gtx)
        }
    }
}
