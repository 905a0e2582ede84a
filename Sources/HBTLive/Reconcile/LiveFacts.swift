import HBTEngine
import HBTTypes

/// What a live run did and had done to it, gathered from its journal: everything but the market.
public struct LiveFacts: Sendable {
    public struct Execution: Sendable {
        public var asset: Int
        public var order: Order
        public var fee: Double?
        public var localNs: Int64
    }
    public var start: JournalStart
    public var executions: [Execution] = []
    /// Measured round trips by asset, by time of request.
    public var roundTrips: [[LatencyRow]]
    /// Requests that never went out, or that the venue refused, by asset: when they were made and when we knew.
    public var refusals: [[LatencyRow]]
    public var corrections = 0
    /// Funding charged (negative: paid out), by asset.
    public var funding: [[FundingPayment]]
    public var requests: Int64 = 0
    /// First and last receipt of a market row.
    public var firstNs = Int64.max
    public var lastNs = Int64.min

    public init(_ reader: JournalReader, assets: Int) throws(JournalError) {
        guard case .start(let start)? = try reader.next() else {
            throw JournalError("the journal does not begin with its settings; give the folder with its first file (000001.hbtj)")
        }
        self.start = start
        roundTrips = Array(repeating: [], count: assets)
        refusals = roundTrips
        funding = Array(repeating: [], count: assets)
        /// Requests without an answer, by order.
        var waiting: [OrderKey: Int64] = [:]
        while let entry = try reader.next() {
            switch entry {
            case .rows(_, let rows):
                firstNs = min(firstNs, rows.first?.localNs ?? .max)
                lastNs = max(lastNs, rows.last?.localNs ?? .min)
            case .request(_, let asset, let order):
                requests += 1
                waiting[OrderKey(asset: asset, orderId: order.orderId, use: 0)] = order.localNs
            case .answer(let asset, let order, let fee, let localNs):
                guard asset >= 0, asset < assets else { throw JournalError("the journal speaks of asset \(asset); its settings have \(assets)") }
                if order.executionId != 0 { executions.append(Execution(asset: asset, order: order, fee: fee, localNs: localNs)) }
                let key = OrderKey(asset: asset, orderId: order.orderId, use: 0)
                guard let requestNs = waiting[key], requestNs == order.localNs else { continue }
                waiting[key] = nil
                if order.request == .rejected {
                    refusals[asset].append(LatencyRow(requestNs: requestNs, exchangeNs: 0, responseNs: max(localNs, requestNs + 1)))
                } else if order.exchangeNs > 0 {
                    roundTrips[asset].append(LatencyRow(requestNs: requestNs, exchangeNs: order.exchangeNs, responseNs: localNs))
                }
            case .correction: corrections += 1
            case .funding(let asset, let amount, let localNs):
                guard asset >= 0, asset < assets else { throw JournalError("the journal speaks of asset \(asset); its settings have \(assets)") }
                funding[asset].append(FundingPayment(amount: amount, localNs: localNs))
            default: break
            }
        }
    }

    /// Latency rows as the engine reads them: one an instant, ascending; nil when nothing was measured.
    ///
    /// - Parameter withRefusals: an instant at which most requests were refused refuses in the simulation, too.
    public func latencyRows(asset: Int, withRefusals: Bool) -> [LatencyRow]? {
        let measured = roundTrips[asset].filter { $0.responseNs >= $0.exchangeNs }
        guard !measured.isEmpty else { return nil }
        let all = (measured + (withRefusals ? refusals[asset] : [])).enumerated().sorted {
            ($0.element.requestNs, $0.offset) < ($1.element.requestNs, $1.offset)
        }.map(\.element)
        var rows: [LatencyRow] = [], first = 0
        while first < all.count {
            var end = first
            while end < all.count && all[end].requestNs == all[first].requestNs { end += 1 }
            let group = all[first..<end]
            let refused = group.filter { $0.exchangeNs <= 0 }, accepted = group.filter { $0.exchangeNs > 0 }
            if let row = refused.count > accepted.count ? refused.first : accepted.first { rows.append(row) }
            first = end
        }
        return rows
    }
}

/// A payment of funding: quote currency, or base currency of an inverse contract; negative when it was received.
public struct FundingPayment: Equatable, Sendable {
    public var amount: Double
    public var localNs: Int64
}

/// One use of an order id.
public struct OrderKey: Hashable, Comparable, Sendable {
    public var asset: Int
    public var orderId: UInt64
    /// How many orders had this id before it.
    public var use: Int

    public static func < (a: OrderKey, b: OrderKey) -> Bool { (a.asset, a.orderId, a.use) < (b.asset, b.orderId, b.use) }
}
