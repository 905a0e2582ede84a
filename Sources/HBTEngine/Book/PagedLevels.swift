import HBTTypes

/// Levels at any tick, in pages of 256 ticks kept sorted by page number.
///
/// Plays the part of the reference's hash map: the answers are the same, but the search for the
/// next level walks bits instead of probing every tick. A page is kept once made: its number is
/// bounded by the range of prices seen, not by the length of the data.
struct PagedLevels: LevelStore {
    static var isRanged: Bool { false }
    var lowerTick: Int64 { .min }
    var upperTick: Int64 { .max }

    static let pageTicks = 256
    static let pageWords = 4

    /// 256 quantities and 4 words of bits (a bit is set exactly when its quantity is above 0).
    struct Page {
        var number: Int64
        var quantities: UnsafeMutablePointer<Double>
        var bits: UnsafeMutablePointer<UInt64>

        init(number: Int64) {
            self.number = number
            quantities = .allocate(capacity: PagedLevels.pageTicks)
            bits = .allocate(capacity: PagedLevels.pageWords)
            quantities.initialize(repeating: 0, count: PagedLevels.pageTicks)
            bits.initialize(repeating: 0, count: PagedLevels.pageWords)
        }

        func deallocate() {
            quantities.deallocate()
            bits.deallocate()
        }
    }

    private(set) var pages: UnsafeMutablePointer<Page>
    private(set) var pageCount = 0
    private var pageCapacity = 64
    /// Index of the page used last: updates cluster around the best price.
    private var recent = 0

    init(grid: Grid, spec: BookSpec) {
        pages = .allocate(capacity: pageCapacity)
    }

    func deallocate() {
        for i in 0..<pageCount { pages[i].deallocate() }
        pages.deallocate()
    }

    /// First page with a number not below `number`.
    private func lowerBound(_ number: Int64) -> Int {
        var low = 0, high = pageCount
        while low < high {
            let middle = (low + high) / 2
            if pages[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    @inline(__always) private func find(_ number: Int64) -> Int? {
        if recent < pageCount && pages[recent].number == number { return recent }
        let i = lowerBound(number)
        return i < pageCount && pages[i].number == number ? i : nil
    }

    func quantity(_ tick: Int64) -> Double {
        guard let page = find(tick >> 8) else { return 0 }
        return pages[page].quantities[Int(tick & 255)]
    }

    mutating func set(_ tick: Int64, _ quantity: Double) {
        let number = tick >> 8
        let page: Int
        if let found = find(number) {
            page = found
        } else if quantity == 0 {
            return
        } else {
            page = insertPage(number)
        }
        recent = page
        let i = Int(tick & 255)
        pages[page].quantities[i] = quantity
        let bit = UInt64(1) << UInt64(i & 63)
        if quantity > 0 { pages[page].bits[i >> 6] |= bit } else { pages[page].bits[i >> 6] &= ~bit }
    }

    private mutating func insertPage(_ number: Int64) -> Int {
        if pageCount == pageCapacity {
            let grown = UnsafeMutablePointer<Page>.allocate(capacity: pageCapacity * 2)
            grown.moveInitialize(from: pages, count: pageCount)
            pages.deallocate()
            pages = grown
            pageCapacity *= 2
        }
        let i = lowerBound(number)
        (pages + i + 1).moveInitialize(from: pages + i, count: pageCount - i)
        (pages + i).initialize(to: Page(number: number))
        pageCount += 1
        return i
    }

    func highest(from upper: Int64, downTo lower: Int64) -> Int64? {
        guard upper >= lower else { return nil }
        let lastNumber = lower >> 8
        var page = lowerBound(upper >> 8)
        if page == pageCount || pages[page].number > upper >> 8 { page -= 1 }
        while page >= 0, pages[page].number >= lastNumber {
            let number = pages[page].number
            var i = number == upper >> 8 ? Int(upper & 255) : 255
            while i >= 0 {
                let value = pages[page].bits[i >> 6] & (~0 >> UInt64(63 - (i & 63)))
                if value != 0 {
                    let tick = number << 8 + Int64((i & ~63) + 63 - value.leadingZeroBitCount)
                    return tick >= lower ? tick : nil
                }
                i = (i & ~63) - 1
            }
            page -= 1
        }
        return nil
    }

    func lowest(from lower: Int64, upTo upper: Int64) -> Int64? {
        guard lower <= upper else { return nil }
        let lastNumber = upper >> 8
        var page = lowerBound(lower >> 8)
        while page < pageCount, pages[page].number <= lastNumber {
            let number = pages[page].number
            var i = number == lower >> 8 ? Int(lower & 255) : 0
            while i <= 255 {
                let value = pages[page].bits[i >> 6] & (~0 << UInt64(i & 63))
                if value != 0 {
                    let tick = number << 8 + Int64((i & ~63) + value.trailingZeroBitCount)
                    return tick <= upper ? tick : nil
                }
                i = (i & ~63) + 64
            }
            page += 1
        }
        return nil
    }

    mutating func clear(from lower: Int64, upTo upper: Int64) {
        guard lower <= upper else { return }
        var page = lowerBound(lower >> 8)
        while page < pageCount, pages[page].number <= upper >> 8 {
            let number = pages[page].number
            let first = number == lower >> 8 ? Int(lower & 255) : 0
            let last = number == upper >> 8 ? Int(upper & 255) : 255
            for i in first...last {
                pages[page].quantities[i] = 0
                pages[page].bits[i >> 6] &= ~(UInt64(1) << UInt64(i & 63))
            }
            page += 1
        }
    }

    mutating func removeAll() {
        for page in 0..<pageCount {
            pages[page].quantities.update(repeating: 0, count: Self.pageTicks)
            pages[page].bits.update(repeating: 0, count: Self.pageWords)
        }
    }

    func forEachStored(_ body: (Int64, Double) -> Void) {
        for page in 0..<pageCount {
            for i in 0..<Self.pageTicks where pages[page].quantities[i] != 0 {
                body(pages[page].number << 8 + Int64(i), pages[page].quantities[i])
            }
        }
    }

    func sum(from lower: Int64, upTo upper: Int64) -> Double {
        guard lower < upper else { return 0 }
        var total = 0.0
        var page = lowerBound(lower >> 8)
        let last = (upper - 1) >> 8
        while page < pageCount, pages[page].number <= last {
            let number = pages[page].number
            let start = number == lower >> 8 ? Int(lower & 255) : 0
            let end = number == last ? Int((upper - 1) & 255) + 1 : 256
            total += eightLaneSum(pages[page].quantities + start, count: end - start)
            page += 1
        }
        return total
    }

    func serialSum(from lower: Int64, upTo upper: Int64, isDescending: Bool) -> Double {
        guard lower < upper else { return 0 }
        let first = lower >> 8, last = (upper - 1) >> 8
        let low = lowerBound(first)
        var high = low
        while high < pageCount, pages[high].number <= last { high += 1 }
        var total = 0.0
        for step in 0..<(high - low) {
            let page = isDescending ? high - 1 - step : low + step
            let start = pages[page].number == first ? Int(lower & 255) : 0
            let end = pages[page].number == last ? Int((upper - 1) & 255) + 1 : 256
            total = oneByOneSum(pages[page].quantities + start, count: end - start, isDescending: isDescending, start: total)
        }
        return total
    }
}
