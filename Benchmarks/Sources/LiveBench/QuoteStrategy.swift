import HBTEngine
import HBTTypes

/// Decides at every message: takes back its quote and sets a new one on the other side, one tick behind the best price.
///
/// The cheapest strategy that answers each message, so that what is measured is the way in and out.
final class QuoteStrategy: Strategy {
    static let typeName = "quote"
    let wake = StrategyWake.feed(timeoutNs: 60_000_000_000, includesResponses: false)
    private let grid: Grid
    private var orderId: UInt64 = 1

    init(settings: SettingsTable, assets: [AssetSpec]) throws(SettingsError) {
        grid = Grid(tickSize: assets[0].tickSize, lotSize: assets[0].lotSize)
    }

    func step(_ market: StrategyContext, reason: WakeReason) {
        market.clearInactiveOrders()
        let depth = market.depth()
        guard depth.isTwoSided else { return }
        if market.hasOrder(id: orderId) { market.cancel(orderId: orderId) }
        orderId += 1
        let side: Side = orderId % 2 == 0 ? .buy : .sell
        let price = side == .buy ? depth.bestBid - grid.tickSize : depth.bestAsk + grid.tickSize
        market.submit(side: side, orderId: orderId, price: price, quantity: grid.lotSize, timeInForce: .gtx)
    }

    func encode(into out: inout StateWriter) {}
    func restore(from input: inout StateReader) throws(StateError) {}
}
