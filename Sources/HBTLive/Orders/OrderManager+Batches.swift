extension OrderManager {
    /// Binance's limit for placing and amending.
    public static let venueBatch = 5
    /// What a call that places or amends several orders weighs, however many they are.
    private static let batchWeight = 5

    /// Neighbours of one kind and asset as one call each. The order of the requests stays: a cancel that makes room for an
    /// order goes before it.
    func batched(_ actions: [OrderAction], at ns: Int64) -> [OrderAction] {
        var out: [OrderAction] = [], run: [OrderAction] = []
        for action in actions {
            if let first = run.first, run.count >= mostInBatch || action.batchKey == nil || first.batchKey != action.batchKey { close(&run, &out, ns) }
            if action.batchKey != nil { run.append(action) } else { out.append(action) }
        }
        close(&run, &out, ns)
        return out
    }

    private func close(_ run: inout [OrderAction], _ out: inout [OrderAction], _ ns: Int64) {
        defer { run.removeAll() }
        guard run.count > 1, let key = run[0].batchKey else { return out += run }
        // Each part has been taken from the budget with a weight of 1.
        if key.kind != .cancel { budget.charge(weight: max(Self.batchWeight - run.count, 0), at: ns) }
        out.append(.batch(key.kind, asset: key.asset, run))
    }
}

/// What requests of one batch have in common.
struct BatchKey: Equatable {
    var kind: RequestKind
    var asset: Int
}

extension OrderAction {
    fileprivate var batchKey: BatchKey? {
        switch self {
        case .place(_, let asset, _): BatchKey(kind: .place, asset: asset)
        case .cancel(_, let asset): BatchKey(kind: .cancel, asset: asset)
        case .amend(_, let asset, _, _, _): BatchKey(kind: .amend, asset: asset)
        default: nil
        }
    }
}
