import HBTTypes

/// The levels of one side on their way into a saved state, or out of one: for every 64 ticks that
/// hold something a word of bits, and a size a bit.
///
/// Sizes are whole lots wherever that gives every one of them back bit by bit, in as many bytes as the
/// largest takes: the lowest byte of all first, then the next of all, because equal bytes side by side are
/// packed in a fraction of the time.
struct LevelColumns {
    enum Unit: UInt8 {
        /// As they are.
        case quantity
        /// Lots, by `LotValue.decimal` or `.product`.
        case decimal, product
        /// Lots as a tape counts them.
        case tape
    }

    private(set) var unit: Unit
    private var numbers: [Int64] = []
    private var masks: [UInt64] = []
    /// Where the sizes of each word lie, until they are written.
    private var places: [UnsafeRawPointer] = []
    private var lots: [UInt32] = []
    private var quantities: [Double] = []
    private let decimal: LotValue
    private let product: LotValue
    private let lotsPerUnit: Double

    init(lotSize: Double, unit: Unit) {
        self.unit = unit
        decimal = .decimal(lotSize)
        product = .product(lotSize)
        lotsPerUnit = 1 / lotSize
    }

    // MARK: in

    /// `sizes[i]` for every bit i of `mask`; they stay where they are until `encode`.
    mutating func add(_ number: Int64, _ mask: UInt64, _ sizes: UnsafeRawPointer) {
        numbers.append(number)
        masks.append(mask)
        places.append(sizes)
    }

    func encode(into out: inout StateWriter) {
        var count = 0
        for mask in masks { count += mask.nonzeroBitCount }
        let lots = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: count)
        defer { lots.deallocate() }
        var unit = unit
        if unit == .tape {
            takeCells(lots)
        } else if takeLots(lots, by: decimal) {
            unit = .decimal
        } else if takeLots(lots, by: product) {
            unit = .product
        } else {
            unit = .quantity
        }
        var bits: UInt32 = 0
        if unit != .quantity { for size in lots { bits |= size } }
        let width = max(1, (32 - bits.leadingZeroBitCount + 7) / 8)
        out.begin("LEVL")
        out.put(unit.rawValue)
        out.put(UInt8(width))
        out.putRaw(numbers)
        out.putRaw(masks)
        if unit == .quantity {
            out.putRaw(quantitiesInOrder())
        } else {
            out.putRaw(count * width, of: UInt8.self) { room in
                for plane in 0..<width {
                    let bytes = room + plane * count, shift = UInt32(8 * plane)
                    for i in 0..<count { bytes[i] = UInt8(truncatingIfNeeded: lots[i] &>> shift) }
                }
            }
        }
    }

    /// False when a size is not exactly a number of lots by the rule `value`.
    private func takeLots(_ lots: UnsafeMutableBufferPointer<UInt32>, by value: LotValue) -> Bool {
        var next = 0
        for i in masks.indices {
            let sizes = places[i].assumingMemoryBound(to: Double.self)
            guard let first = lots.baseAddress.map({ $0 + next }) else { return true }
            var rest = masks[i]
            if rest == .max {
                guard takeWord(UnsafeRawPointer(sizes), first, by: value) else { return false }
                next += 64
                continue
            }
            var isExact = true
            while rest != 0 {
                let size = sizes[rest.trailingZeroBitCount]
                rest &= rest &- 1
                // NaN, too, goes this way.
                guard size >= 0, size * lotsPerUnit < Self.most else { return false }
                let whole = Int64(size * lotsPerUnit + 0.5)
                isExact = isExact && value(whole).bitPattern == size.bitPattern
                lots[next] = UInt32(truncatingIfNeeded: whole)
                next += 1
            }
            if !isExact { return false }
        }
        return true
    }

    private static var most: Double { 4e9 }

    /// The same for 64 sizes without a gap, eight at a time.
    @inline(__always) private func takeWord(_ sizes: UnsafeRawPointer, _ lots: UnsafeMutablePointer<UInt32>, by value: LotValue) -> Bool {
        // Adding and taking away 2⁵² leaves the nearest whole number, which stands in the last bits of the sum.
        let shift = SIMD8<Double>(repeating: 4_503_599_627_370_496)
        var differences = SIMD8<UInt64>(), isInRange = SIMDMask<SIMD8<Int64>>(repeating: true)
        for start in stride(from: 0, to: 64, by: 8) {
            let size = sizes.loadUnaligned(fromByteOffset: start * 8, as: SIMD8<Double>.self)
            let exact = size * lotsPerUnit
            isInRange = isInRange .& (exact .>= 0) .& (exact .< Self.most)
            let sum = exact + shift
            let back = (sum - shift) * value.multiplier / value.divisor
            differences |= unsafeBitCast(back, to: SIMD8<UInt64>.self) ^ unsafeBitCast(size, to: SIMD8<UInt64>.self)
            let whole = SIMD8<UInt32>(truncatingIfNeeded: unsafeBitCast(sum, to: SIMD8<UInt64>.self))
            UnsafeMutableRawPointer(lots + start).storeBytes(of: whole, as: SIMD8<UInt32>.self)
        }
        return all(isInRange) && differences == SIMD8<UInt64>()
    }

    /// The top bit of a tape's cell is no part of its size.
    private func takeCells(_ lots: UnsafeMutableBufferPointer<UInt32>) {
        var next = 0
        for i in masks.indices {
            let cells = places[i].assumingMemoryBound(to: Int32.self)
            var rest = masks[i]
            while rest != 0 {
                lots[next] = UInt32(cells[rest.trailingZeroBitCount] & .max)
                rest &= rest &- 1
                next += 1
            }
        }
    }

    private func quantitiesInOrder() -> [Double] {
        var all: [Double] = []
        for i in masks.indices {
            let sizes = places[i].assumingMemoryBound(to: Double.self)
            for bit in 0..<64 where masks[i] >> UInt64(bit) & 1 != 0 { all.append(sizes[bit]) }
        }
        return all
    }

    // MARK: out

    static func read(from input: inout StateReader, lotSize: Double) throws(StateError) -> LevelColumns {
        try input.expect("LEVL")
        guard let unit = Unit(rawValue: try input.byte()) else { throw StateError("sizes of an unknown unit") }
        var columns = LevelColumns(lotSize: lotSize, unit: unit)
        let width = Int(try input.byte())
        columns.numbers = try input.raw()
        columns.masks = try input.raw()
        if unit == .quantity {
            columns.quantities = try input.raw()
        } else {
            columns.lots = try joined(try input.raw(UInt8.self), width)
        }
        let count = columns.masks.reduce(0) { $0 + $1.nonzeroBitCount }
        guard columns.numbers.count == columns.masks.count, count == (unit == .quantity ? columns.quantities.count : columns.lots.count) else {
            throw StateError("the levels of a book do not fit together")
        }
        return columns
    }

    /// Sizes from their bytes: the lowest of all first.
    private static func joined(_ bytes: [UInt8], _ width: Int) throws(StateError) -> [UInt32] {
        guard (1...4).contains(width), bytes.count % width == 0 else { throw StateError("the levels of a book do not fit together") }
        let count = bytes.count / width
        return bytes.withUnsafeBufferPointer { bytes in
            [UInt32](unsafeUninitializedCapacity: count) { lots, made in
                for i in 0..<count { lots[i] = UInt32(bytes[i]) }
                for plane in 1..<max(width, 1) {
                    let shift = UInt32(8 * plane)
                    for i in 0..<count { lots[i] |= UInt32(bytes[plane * count + i]) &<< shift }
                }
                made = count
            }
        }
    }

    /// Calls `body` with every word: its number, its bits, and where its sizes start.
    func forEachWord(_ body: (Int64, UInt64, Int) throws(StateError) -> Void) throws(StateError) {
        var start = 0
        for i in numbers.indices {
            try body(numbers[i], masks[i], start)
            start += masks[i].nonzeroBitCount
        }
    }

    /// The sizes as quantities, in order of ticks.
    func sizes() -> [Double] {
        switch unit {
        case .quantity: quantities
        case .product: lots.map { product(Int64($0)) }
        case .decimal, .tape: lots.map { decimal(Int64($0)) }
        }
    }

    /// The sizes as cells of a tape.
    func cells() throws(StateError) -> [Int32] {
        guard unit == .tape, lots.allSatisfy({ $0 <= UInt32(Int32.max) }) else { throw StateError("the levels of a book are not those of a tape") }
        return lots.map { Int32(bitPattern: $0) }
    }
}
