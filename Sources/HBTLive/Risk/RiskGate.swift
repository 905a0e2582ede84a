import HBTEngine
import HBTTypes

/// Why an order did not go out.
public enum RiskRefusal: Equatable, Sendable, CustomStringConvertible {
    case killed
    case feed(FeedHealth.Fault)
    case orderLatency(ns: Int64)
    case orderValue(Double, limit: Double)
    case positionValue(Double, limit: Double)
    case openOrders(limit: Int)
    case ordersPerSecond(limit: Int)
    case priceBand(price: Double, mid: Double)
    case noPrice

    public var description: String {
        switch self {
        case .killed: "everything has been cancelled; no order goes out"
        case .feed(let fault): fault.description
        case .orderLatency(let ns): "the last request took \(ns / 1_000_000) ms to be answered"
        case .orderValue(let value, let limit): "the order is worth \(value), above max_order_value = \(limit)"
        case .positionValue(let value, let limit): "the position could become worth \(value), above max_position_value = \(limit)"
        case .openOrders(let limit): "\(limit) orders are open (max_open_orders)"
        case .ordersPerSecond(let limit): "\(limit) orders went out in the last second (orders_per_second)"
        case .priceBand(let price, let mid): "\(price) is too far from the mid price \(mid) (price_band)"
        case .noPrice: "the book is one-sided: there is no mid price to measure by"
        }
    }
}

/// What the gate looks at; the caller gathers it at the moment of the request.
public struct RiskView: Sendable {
    var contract: ContractSpec
    var tickSize: Double
    public var position: Double
    /// Open at the venue or on the way, by side.
    public var openBuys: Double
    public var openSells: Double
    public var openOrders: Int
    public var mid: Double
    public var feedFault: FeedHealth.Fault?
    /// Round trip of the newest request; 0 before the first.
    public var orderLatencyNs: Int64

    public init(
        spec: AssetSpec, position: Double, openBuys: Double, openSells: Double, openOrders: Int, mid: Double, feedFault: FeedHealth.Fault?,
        orderLatencyNs: Int64
    ) {
        contract = spec.contract
        tickSize = spec.tickSize
        self.position = position
        self.openBuys = openBuys
        self.openSells = openSells
        self.openOrders = openOrders
        self.mid = mid
        self.feedFault = feedFault
        self.orderLatencyNs = orderLatencyNs
    }

    func value(_ quantity: Double, at price: Double) -> Double { contract.value(of: quantity, at: price) }
}

/// Lets orders pass that keep within the limits. Cancels always pass.
public struct RiskGate: Sendable {
    public let limits: RiskLimits
    /// Times of the newest orders, a ring as long as the limit.
    private var times: [Int64]
    private var next = 0
    public private(set) var refusals: Int64 = 0

    public init(_ limits: RiskLimits) {
        self.limits = limits
        times = Array(repeating: .min, count: limits.ordersPerSecond)
    }

    /// Why a submit or modify must not go out; nil when it may, and then it counts.
    ///
    /// - Parameter replaced: what a modified order has open now, which its new quantity takes the place of.
    public mutating func refusal(_ order: Order, replaced: Double = 0, _ view: RiskView, isKilled: Bool, at ns: Int64) -> RiskRefusal? {
        let found = fault(order, replaced, view, isKilled, ns)
        if found == nil {
            times[next] = ns
            next = (next + 1) % times.count
        } else {
            refusals += 1
        }
        return found
    }

    private func fault(_ order: Order, _ replaced: Double, _ view: RiskView, _ isKilled: Bool, _ ns: Int64) -> RiskRefusal? {
        if isKilled { return .killed }
        if let fault = view.feedFault { return .feed(fault) }
        if view.orderLatencyNs > limits.maxOrderLatencyNs { return .orderLatency(ns: view.orderLatencyNs) }
        guard view.mid.isFinite, view.mid > 0 else { return .noPrice }
        let isMarket = order.type == .market
        let price = isMarket ? view.mid : Double(order.priceTick) * view.tickSize
        guard abs(price - view.mid) <= limits.priceBand * view.mid else { return .priceBand(price: price, mid: view.mid) }
        let value = view.value(order.quantity, at: price)
        guard value <= limits.maxOrderValue else { return .orderValue(value, limit: limits.maxOrderValue) }
        // The worst that this side can come to; an order that only brings a position back passes.
        let open = (order.side == .buy ? view.openBuys : view.openSells) - replaced + order.quantity
        let worst = order.side == .buy ? view.position + open : open - view.position
        let worstValue = view.value(worst, at: view.mid)
        guard worstValue <= limits.maxPositionValue else { return .positionValue(worstValue, limit: limits.maxPositionValue) }
        guard replaced > 0 || view.openOrders < limits.maxOpenOrders else { return .openOrders(limit: limits.maxOpenOrders) }
        guard times[next] == .min || ns &- times[next] >= 1_000_000_000 else { return .ordersPerSecond(limit: limits.ordersPerSecond) }
        return nil
    }
}

/// Watches the run's profit and says when it has lost too much.
public struct LossLimit: Sendable {
    private let limit: Double
    private var start: [Double?]
    private var current: [Double]

    public init(_ limit: Double, assets: Int) {
        self.limit = limit
        start = Array(repeating: nil, count: assets)
        current = Array(repeating: 0, count: assets)
    }

    /// - Parameter equity: balance plus value of the position less fees of an asset; not finite while there is no price.
    /// - Returns: the loss, once it is above the limit.
    public mutating func loss(_ equity: Double, asset: Int) -> Double? {
        guard equity.isFinite else { return nil }
        guard let first = start[asset] else {
            start[asset] = equity
            return nil
        }
        current[asset] = equity - first
        let loss = 0 - current.reduce(0, +)
        return loss > limit ? loss : nil
    }

    /// The position was set to the venue's: that is neither profit nor loss.
    public mutating func rebase(_ equity: Double, asset: Int) {
        if equity.isFinite { start[asset] = equity - current[asset] }
    }
}

/// Renews the venue's own countdown, so that everything is cancelled when we are gone.
public struct DeadMansSwitch: Sendable {
    private let spanNs: Int64
    private let assets: Int
    private var nextNs = Int64.min

    public init(spanNs: Int64, assets: Int) {
        self.spanNs = spanNs
        self.assets = assets
    }

    /// Three renewals fall into one span.
    public mutating func tick(_ ns: Int64) -> [OrderAction] {
        guard spanNs > 0, ns >= nextNs else { return [] }
        nextNs = ns &+ spanNs / 3
        return (0..<assets).map { .countdown(asset: $0, milliseconds: spanNs / 1_000_000) }
    }

    /// Nothing is open any more: no countdown is needed.
    public func off() -> [OrderAction] { spanNs > 0 ? (0..<assets).map { .countdown(asset: $0, milliseconds: 0) } : [] }
}
