import HBTTypes

/// Fills in, a bounded number of marks out.
///
/// Every fill is kept up to the limit. Beyond it, fills of one side and liquidity that fall into one
/// stretch of time become one mark; stretches double in width when there are too many marks. No
/// sampling: every fill counts in exactly one mark.
struct FillThinner: Equatable, Sendable {
    struct Mark: Equatable, Sendable {
        /// Which stretch; the number of the fill while all are kept.
        var index: Int64
        var timeNs: Int64
        /// 0 maker buy, 1 maker sell, 2 taker buy, 3 taker sell.
        var group: Int
        var count: Int64
        var quantity: Double
        /// Σ price × quantity.
        var notional: Double
        var price: ChartRange
        /// Position after the last of them.
        var position: Double

        var meanPrice: Double { count > 1 && quantity != 0 ? notional / quantity : price.last }
    }

    private let limit: Int
    private(set) var marks: [Mark] = []
    /// 0 while every fill has its own mark.
    private(set) var widthNs: Int64 = 0
    private var baseNs: Int64 = 0
    private var count: Int64 = 0

    init(limit: Int) { self.limit = max(8, limit) }

    var isAggregated: Bool { widthNs > 0 }

    mutating func add(_ fill: FillRecord) {
        guard fill.side == .buy || fill.side == .sell else { return }
        let time = fill.exchangeNs > 0 ? fill.exchangeNs : fill.localNs
        if marks.isEmpty { baseNs = time }
        var mark = Mark(
            index: count, timeNs: time, group: (fill.isMaker ? 0 : 2) + (fill.side == .buy ? 0 : 1), count: 1,
            quantity: fill.quantity, notional: fill.price * fill.quantity, price: ChartRange(fill.price),
            position: fill.position)
        count += 1
        if isAggregated {
            mark.index = CalendarUTC.floorDivide(time &- baseNs, widthNs)
            insert(mark)
        } else {
            marks.append(mark)
            if marks.count > limit {
                widthNs = 1_000_000
                regroup()
            }
        }
        while isAggregated && marks.count > limit {
            // To half the limit, so that the next regrouping is not due at once.
            while marks.count > limit / 2 && widthNs < Int64.max / 4 {
                widthNs *= 2
                regroup()
            }
        }
    }

    /// In time order; equal times in the order they were booked.
    var sorted: [Mark] {
        marks.enumerated().sorted {
            ($0.element.timeNs, $0.element.index, $0.offset) < ($1.element.timeNs, $1.element.index, $1.offset)
        }.map(\.element)
    }

    private mutating func regroup() {
        let old = sorted
        marks.removeAll(keepingCapacity: true)
        for var mark in old {
            mark.index = CalendarUTC.floorDivide(mark.timeNs &- baseNs, widthNs)
            insert(mark)
        }
    }

    /// Fills may be booked out of time order (a slow response), so the place is searched for.
    private mutating func insert(_ mark: Mark) {
        var low = 0, high = marks.count
        while low < high {
            let middle = (low + high) / 2
            if (marks[middle].index, marks[middle].group) < (mark.index, mark.group) { low = middle + 1 } else { high = middle }
        }
        guard low < marks.count, (marks[low].index, marks[low].group) == (mark.index, mark.group) else {
            return marks.insert(mark, at: low)
        }
        marks[low].count += mark.count
        marks[low].quantity += mark.quantity
        marks[low].notional += mark.notional
        marks[low].price.absorb(mark.price)
        marks[low].position = mark.position
    }
}
