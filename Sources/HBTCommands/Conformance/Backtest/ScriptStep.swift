import HBTEngine
import HBTTypes

/// One scripted operation on a backtest.
enum ScriptStep {
    case elapse(ns: Int64)
    case submit(asset: Int, side: Side, orderId: UInt64, price: Double, quantity: Double, TimeInForce, OrderType, wait: Bool)
    case cancel(asset: Int, orderId: UInt64, wait: Bool)
    case modify(asset: Int, orderId: UInt64, price: Double, quantity: Double, wait: Bool)
    case waitOrderResponse(asset: Int, orderId: UInt64, timeoutNs: Int64)
    case waitNextFeed(includesResponses: Bool, timeoutNs: Int64)
    /// nil: all assets.
    case clearInactiveOrders(asset: Int?)
    case clearLastTrades(asset: Int?)
    case goToEnd
    case record

    init(_ place: VectorPlace, assetCount: Int) throws(VectorFault) {
        let asset = try Self.asset(place, count: assetCount)
        switch try place.string("op") {
        case "elapse":
            self = .elapse(ns: try place.int64("duration"))
        case let op where op == "submit_buy" || op == "submit_sell":
            self = .submit(
                asset: asset ?? 0, side: op == "submit_buy" ? .buy : .sell, orderId: try place.uint64("order_id"),
                price: try place.double("price"), quantity: try place.double("qty"),
                TimeInForce(rawValue: try Self.byte(place.optional("tif"))) ?? .unsupported,
                OrderType(rawValue: try Self.byte(place.optional("type"))) ?? .unsupported, wait: try Self.wait(place))
        case "cancel":
            self = .cancel(asset: asset ?? 0, orderId: try place.uint64("order_id"), wait: try Self.wait(place))
        case "modify":
            self = .modify(
                asset: asset ?? 0, orderId: try place.uint64("order_id"), price: try place.double("price"),
                quantity: try place.double("qty"), wait: try Self.wait(place))
        case "wait_order_response":
            self = .waitOrderResponse(asset: asset ?? 0, orderId: try place.uint64("order_id"), timeoutNs: try place.int64("timeout"))
        case "wait_next_feed":
            self = .waitNextFeed(includesResponses: try place.bool("include_order_resp"), timeoutNs: try place.int64("timeout"))
        case "clear_inactive_orders": self = .clearInactiveOrders(asset: asset)
        case "clear_last_trades": self = .clearLastTrades(asset: asset)
        case "goto_end": self = .goToEnd
        case "record": self = .record
        case let op: throw place.fault("has an unknown op \(op)")
        }
    }

    /// nil when absent, or when all assets are meant (-1 or the largest unsigned number).
    private static func asset(_ place: VectorPlace, count: Int) throws(VectorFault) -> Int? {
        guard let given = place.optional("asset") else { return nil }
        if given.value.asInt64 == -1 || given.value.asUInt64 == .max { return nil }
        let index = try given.int64()
        guard index >= 0 && index < count else { throw given.fault("is \(index), but there are \(count) assets") }
        return Int(index)
    }

    private static func wait(_ place: VectorPlace) throws(VectorFault) -> Bool { try place.optional("wait")?.bool() ?? false }

    private static func byte(_ place: VectorPlace?) throws(VectorFault) -> UInt8 {
        guard let place else { return 0 }
        return UInt8(truncatingIfNeeded: try place.int64())
    }
}

extension ScriptStep {
    /// The call's code, nil for calls without one.
    func perform(on backtest: Backtest) -> ReturnCode? {
        switch self {
        case .elapse(let ns): return backtest.elapse(ns)
        case .submit(let asset, let side, let orderId, let price, let quantity, let timeInForce, let type, let wait):
            return backtest.submit(
                asset: asset, side: side, orderId: orderId, price: price, quantity: quantity, timeInForce: timeInForce,
                type: type, wait: wait)
        case .cancel(let asset, let orderId, let wait):
            return backtest.cancel(asset: asset, orderId: orderId, wait: wait)
        case .modify(let asset, let orderId, let price, let quantity, let wait):
            return backtest.modify(asset: asset, orderId: orderId, price: price, quantity: quantity, wait: wait)
        case .waitOrderResponse(let asset, let orderId, let timeoutNs):
            return backtest.waitOrderResponse(asset: asset, orderId: orderId, timeoutNs: timeoutNs)
        case .waitNextFeed(let includesResponses, let timeoutNs):
            return backtest.waitNextFeed(includesResponses: includesResponses, timeoutNs: timeoutNs)
        case .clearInactiveOrders(let asset):
            backtest.clearInactiveOrders(asset: asset)
        case .clearLastTrades(let asset):
            backtest.clearLastTrades(asset: asset)
        case .goToEnd:
            return backtest.goToEnd()
        case .record:
            break
        }
        return nil
    }
}
