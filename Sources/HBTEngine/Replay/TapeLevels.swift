import HBTTypes

/// One side of a book as a tape leaves it: whole lots, four bytes a tick.
///
/// The top bit of a cell marks a level where an order of ours rests, so that the loop that stores
/// rows notices the few that matter without looking for them. No search structure: best prices are
/// facts of the tape.
struct TapeLevels: LevelStore {
    static var isRanged: Bool { true }
    static var ownBit: Int32 { .min }

    /// Ticks that may be asked for; everything for a book without a range of interest.
    let lowerTick: Int64
    let upperTick: Int64
    let cells: UnsafeMutablePointer<Int32>
    let firstTick: Int64
    let width: Int
    let lotValue: LotValue
    let lotSize: Double
    /// Lots of 256 cells each, in four parts; nil until sums are asked for.
    private(set) var blocks: UnsafeMutablePointer<Int64>?
    /// One bit a cell that is not 0; kept where a factor graph looks for levels.
    var bits: UnsafeMutablePointer<UInt64>?

    /// Of a book without a range of interest, which is wide and mostly empty: a byte for every 4,096 cells
    /// (64 words of 64), 0 while none of them has held anything; nil for a book that is searched throughout.
    let touched: UnsafeMutablePointer<UInt8>?
    static let chunkShift = 12

    /// Quantities of the first whole numbers of lots; nil where levels are not added one by one.
    private let values: UnsafeMutablePointer<Double>?
    /// By which such an addition passes 64 ticks; nil until such sums are asked for, and where there is none.
    private(set) var serial: UnsafeMutablePointer<SerialBlock>?
    /// Where orders of ours rest, for a venue that finds its rows by an index; nil marks cells instead.
    private let watches: UnsafeMutablePointer<TapeWatches>?
    /// Place of cell 0 among those of both sides.
    private let firstCell: UInt32

    init(grid: Grid, spec: BookSpec) {
        preconditionFailure("levels of a tape are made by the book's owner, which knows the tape")
    }

    /// A side over memory of the owner's: `header.width` cells that are 0.
    init(
        header: TapeHeader, cells: UnsafeMutablePointer<Int32>, blocks: UnsafeMutablePointer<Int64>?, bits: UnsafeMutablePointer<UInt64>?,
        watches: UnsafeMutablePointer<TapeWatches>? = nil, firstCell: UInt32 = 0, values: UnsafeMutablePointer<Double>? = nil,
        touched: UnsafeMutablePointer<UInt8>? = nil
    ) {
        let grid = Grid(tickSize: header.tickSize, lotSize: header.lotSize)
        if case .roi(let lower, let upper) = header.book {
            lowerTick = grid.tick(lower)
            upperTick = grid.tick(upper)
        } else {
            lowerTick = .min
            upperTick = .max
        }
        self.cells = cells
        self.blocks = blocks
        self.bits = bits
        self.values = values
        self.touched = touched
        self.watches = watches
        self.firstCell = firstCell
        firstTick = header.firstTick
        width = Int(header.width)
        lotValue = header.lotValue
        lotSize = lotValue.lotSize
    }

    func deallocate() {}

    @inline(__always) private func cell(_ tick: Int64) -> Int? {
        let offset = tick &- firstTick
        return offset >= 0 && offset < Int64(width) && tick >= lowerTick && tick <= upperTick ? Int(offset) : nil
    }

    /// Whether the tape has a place for the tick.
    func holds(_ tick: Int64) -> Bool { cell(tick) != nil }
    func lots(_ tick: Int64) -> Int64 { cell(tick).map { Int64(cells[$0] & .max) } ?? 0 }
    func quantity(_ tick: Int64) -> Double { lotValue(lots(tick)) }
    /// Quantity of a cell; small ones are looked up, because a division takes as long as four additions.
    @inline(__always) func value(_ cell: Int) -> Double {
        let lots = cells[cell] & .max
        if let values, lots < TapeBookMemory.valueCount { return values[Int(lots)] }
        return lotValue(Int64(lots))
    }
    @inline(__always) func quantity(lots: Int32) -> Double { lotValue(Int64(lots & .max)) }
    /// Place among the cells of both sides; nil for what is not kept.
    func place(_ tick: Int64) -> UInt32? { cell(tick).map { firstCell + UInt32($0) } }

    mutating func set(_ tick: Int64, _ quantity: Double) {
        guard let i = cell(tick) else { return }
        let lots = Int32(clamping: Grid(tickSize: 1, lotSize: lotSize).lots(quantity))
        if let blocks { blocks[(i >> 8) * 4] += Int64(lots) - Int64(cells[i] & .max) }
        if let bits { Self.mark(bits, i, lots) }
        serial?[i >> 6].change(from: cells[i] & .max, to: lots & .max, lotSize: lotSize, value: lotValue)
        Self.touch(touched, i)
        cells[i] = lots
    }

    @inline(__always) static func touch(_ touched: UnsafeMutablePointer<UInt8>?, _ cell: Int) {
        if let touched { touched[cell >> chunkShift] = 1 }
    }

    @inline(__always) static func mark(_ bits: UnsafeMutablePointer<UInt64>, _ cell: Int, _ lots: Int32) {
        let shift = UInt64(truncatingIfNeeded: cell & 63)
        bits[cell >> 6] = bits[cell >> 6] & ~(1 &<< shift) | (lots == 0 ? 0 : 1) &<< shift
    }

    /// Notes whether an order of ours rests at `tick`.
    func markOwn(_ tick: Int64, _ isOwn: Bool) {
        guard let i = cell(tick) else { return }
        if let watches { return watches.pointee.set(firstCell + UInt32(i), isOwn, lots: cells[i] & .max) }
        Self.touch(touched, i)
        cells[i] = isOwn ? cells[i] | Self.ownBit : cells[i] & .max
    }

    /// Cells of `lower...upper`; nil when there are none.
    func window(_ lower: Int64, _ upper: Int64) -> Range<Int>? {
        let bottom = max(lower, max(lowerTick, firstTick)), top = min(upper, min(upperTick, firstTick + Int64(width) - 1))
        return bottom <= top ? Int(bottom - firstTick)..<Int(top - firstTick) + 1 : nil
    }

    mutating func clear(from lower: Int64, upTo upper: Int64) {
        guard let range = window(lower, upper) else { return }
        let levels = self
        levels.forEachFilled(range) { set(firstTick + Int64($0), 0) }
    }

    mutating func removeAll() { clear(from: .min, upTo: .max) }

    func forEachStored(_ body: (Int64, Double) -> Void) {
        guard let range = window(.min, .max) else { return }
        forEachFilled(range) { body(firstTick + Int64($0), lotValue(Int64(cells[$0] & .max))) }
    }

    func sum(from lower: Int64, upTo upper: Int64) -> Double {
        guard upper != .min, let range = window(lower, upper - 1) else { return 0 }
        return LotValue.decimal(lotSize)(lotSum(range))
    }

    /// Lots at `lower...upper`.
    func lotSum(from lower: Int64, through upper: Int64) -> Int64 { window(lower, upper).map(lotSum) ?? 0 }

    /// Whole blocks by their sums, the ends cell by cell.
    private func lotSum(_ range: Range<Int>) -> Int64 {
        let firstBlock = (range.lowerBound + 255) >> 8, endBlock = range.upperBound >> 8
        guard let blocks, firstBlock < endBlock else { return cellSum(range.lowerBound, range.upperBound) }
        var total: Int64 = 0
        var parts = SIMD4<Int64>()
        var first = firstBlock, end = endBlock
        // Of a block that is cut, the shorter part is added up: it is what counts or what does not.
        if range.lowerBound & 255 != 0 {
            if range.lowerBound & 255 < 128 {
                first -= 1
                total &-= cellSum(first << 8, range.lowerBound)
            } else {
                total &+= cellSum(range.lowerBound, first << 8)
            }
        }
        if range.upperBound & 255 > 128 {
            end += 1
            total &-= cellSum(range.upperBound, end << 8)
        } else {
            total &+= cellSum(end << 8, range.upperBound)
        }
        for block in first..<end { parts &+= Self.parts(blocks, block) }
        return total &+ parts.wrappedSum()
    }

    /// Keeps blocks from now on, which are of no binade yet.
    mutating func keepSerialSums(in serial: UnsafeMutablePointer<SerialBlock>) { self.serial = serial }

    /// Keeps sums from now on in `memory`, four words a block of 256 cells.
    mutating func keepSums(in memory: UnsafeMutablePointer<Int64>, isEmpty: Bool) {
        blocks = memory
        if isEmpty { return }
        for block in 0..<(width >> 8) {
            if let touched, touched[(block << 8) >> Self.chunkShift] == 0 { continue }
            let sum = cellSum(block << 8, (block + 1) << 8)
            // Pages that hold nothing stay untouched.
            if memory[block << 2] != sum { memory[block << 2] = sum }
        }
    }

    @inline(__always) private static func parts(_ blocks: UnsafeMutablePointer<Int64>, _ block: Int) -> SIMD4<Int64> {
        UnsafeRawPointer(blocks + (block << 2)).loadUnaligned(as: SIMD4<Int64>.self)
    }

    private func cellSum(_ start: Int, _ end: Int) -> Int64 {
        var total: Int64 = 0
        var i = start
        let raw = UnsafeRawPointer(cells)
        // Unsigned: to widen them is to put zeros between.
        var lanes = SIMD8<UInt64>()
        while i + 8 <= end {
            let eight = raw.loadUnaligned(fromByteOffset: i * 4, as: SIMD8<UInt32>.self) & SIMD8<UInt32>(repeating: 0x7FFF_FFFF)
            lanes &+= SIMD8<UInt64>(truncatingIfNeeded: eight)
            i += 8
        }
        total = Int64(truncatingIfNeeded: lanes.wrappedSum())
        while i < end {
            total &+= Int64(cells[i] & .max)
            i += 1
        }
        return total
    }

    @inline(__always) func marks(_ word: Int) -> UInt64 {
        if let bits { return bits[word] }
        let raw = UnsafeRawPointer(cells + word << 6)
        var low = SIMD8<Int32>(), high = SIMD8<Int32>()
        var weights = SIMD8<Int32>(1, 2, 4, 8, 16, 32, 64, 128)
        for part in 0..<4 {
            let first = raw.loadUnaligned(fromByteOffset: part << 5, as: SIMD8<Int32>.self) & .max
            let second = raw.loadUnaligned(fromByteOffset: part << 5 + 128, as: SIMD8<Int32>.self) & .max
            // All ones where there is a size.
            low |= weights & ((0 &- first) &>> 31)
            high |= weights & ((0 &- second) &>> 31)
            weights &<<= 8
        }
        return UInt64(UInt32(bitPattern: low.wrappedSum())) | UInt64(UInt32(bitPattern: high.wrappedSum())) << 32
    }
}
