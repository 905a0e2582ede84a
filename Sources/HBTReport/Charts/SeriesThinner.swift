import HBTTypes

/// Rows in, a bounded number of chart points out, extremes kept.
///
/// Time is cut into equal stretches, and only stretches with rows take a place. When the places run
/// out, stretches double in width and neighbours merge, so every row weighs alike however long the
/// run gets, and a drawdown of one row survives.
struct SeriesThinner: Equatable, Sendable {
    private let capacity: Int
    private let contract: ContractSpec
    private var startNs: Int64 = 0
    private var peakEquity = Double.nan
    private(set) var widthNs: Int64 = 1_000
    private(set) var buckets: [ChartBucket] = []

    /// - Parameter capacity: Most points; at least 8.
    init(capacity: Int, contract: ContractSpec) {
        self.capacity = max(8, capacity)
        self.contract = contract
    }

    mutating func add(_ row: RecordRow) {
        if buckets.isEmpty { startNs = row.timestampNs }
        let equityWithoutFee = contract.equityWithoutFee(
            balance: row.balance, position: row.position, price: row.price)
        let equity = equityWithoutFee - row.fee
        if !equity.isNaN { peakEquity = Double.maximum(peakEquity, equity) }
        let point = ChartBucket(
            index: (row.timestampNs &- startNs) / widthNs, lastNs: row.timestampNs, price: ChartRange(row.price),
            equity: ChartRange(equity), equityWithoutFee: equityWithoutFee, position: ChartRange(row.position),
            drawdown: equity - peakEquity)
        append(point)
        // Down to three quarters, so that the next merge is not due at once.
        if buckets.count > capacity {
            while buckets.count > capacity * 3 / 4 { widen() }
        }
    }

    private mutating func append(_ point: ChartBucket) {
        if let last = buckets.indices.last, buckets[last].index == point.index {
            buckets[last].absorb(point)
        } else {
            buckets.append(point)
        }
    }

    private mutating func widen() {
        let old = buckets
        buckets.removeAll(keepingCapacity: true)
        widthNs &*= 2
        for var bucket in old {
            bucket.index /= 2
            append(bucket)
        }
    }
}
