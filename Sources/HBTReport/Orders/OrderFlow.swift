import HBTTypes

/// The order log of one asset in, counts and latencies out.
///
/// Memory grows with the requests in flight only.
struct OrderFlow {
    private struct Pending {
        var kind: OrderRecord.Kind
        var sentNs: Int64
    }
    private(set) var counts = OrderCounts()
    /// Our clock when sent → venue clock when acted on.
    private(set) var entry = LatencyHistogram()
    /// Our clock when sent → our clock when we knew.
    private(set) var roundTrip = LatencyHistogram()
    /// Looked up by order id, never iterated.
    private var pending: [UInt64: Pending] = [:]

    mutating func add(_ record: OrderRecord) {
        switch record.kind {
        case .submit: counts.submits += 1
        case .cancel: counts.cancels += 1
        case .modify: counts.modifies += 1
        case .response: return answer(record)
        }
        pending[record.order.orderId] = Pending(kind: record.kind, sentNs: record.localNs)
    }

    private mutating func answer(_ record: OrderRecord) {
        let order = record.order
        let isRejection = order.request == .rejected
        if !isRejection {
            if order.status == .canceled { counts.canceled += 1 }
            if order.status == .expired { counts.expired += 1 }
        }
        guard let request = pending[order.orderId] else { return }
        // A message about a fill of an order with a cancel or modify in flight is no answer to that
        // request. Confirmed cancels carry the time of the order's own request, everything else that
        // of the request it answers.
        let answers = order.localNs == request.sentNs || (request.kind == .cancel && order.status == .canceled)
        guard answers else { return }
        pending[order.orderId] = nil
        if isRejection {
            switch request.kind {
            case .submit, .response: counts.rejectedSubmits += 1
            case .cancel: counts.rejectedCancels += 1
            case .modify: counts.rejectedModifies += 1
            }
        }
        // No venue time: the request never got there, and its answer says nothing of the way.
        guard order.exchangeNs > 0 else { return }
        entry.add(ns: order.exchangeNs &- request.sentNs)
        roundTrip.add(ns: record.localNs &- request.sentNs)
    }
}
