import HBTTypes

/// The levels of one side on their way into a saved state, or out of one: for every 64 ticks that
/// hold something a word of bits, and a size a bit.
///
/// Sizes are whole lots wherever that gives every one of them back bit by bit, in two bytes or four.
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
    private var lots: [UInt32] = []
    private var quantities: [Double] = []
    private var largest: UInt32 = 0
    private let decimal: LotValue
    private let product: LotValue
    private let lotsPerUnit: Double
    private var isDecimal = true
    private var isProduct = true

    init(lotSize: Double, unit: Unit) {
        self.unit = unit
        decimal = .decimal(lotSize)
        product = .product(lotSize)
        lotsPerUnit = 1 / lotSize
    }

    /// False when sizes do not go into lots: they are to be collected again as they are.
    var isExact: Bool { isDecimal || isProduct }

    // MARK: in

    private mutating func word(_ number: Int64, _ mask: UInt64) {
        numbers.append(number)
        masks.append(mask)
    }

    /// `sizes[i]` for every bit i of `mask`.
    mutating func add(_ number: Int64, _ mask: UInt64, _ sizes: UnsafePointer<Double>) {
        word(number, mask)
        var rest = mask
        while rest != 0 {
            let size = sizes[rest.trailingZeroBitCount]
            rest &= rest &- 1
            if unit == .quantity {
                quantities.append(size)
                continue
            }
            let whole = roundedInt(size * lotsPerUnit)
            guard let lots = UInt32(exactly: whole) else {
                (isDecimal, isProduct) = (false, false)
                return
            }
            if isDecimal && decimal(whole).bitPattern != size.bitPattern { isDecimal = false }
            if isProduct && product(whole).bitPattern != size.bitPattern { isProduct = false }
            self.lots.append(lots)
            largest = max(largest, lots)
        }
    }

    /// The same for the cells of a tape, whose top bit is no part of a size.
    mutating func add(_ number: Int64, _ mask: UInt64, _ cells: UnsafePointer<Int32>) {
        word(number, mask)
        var rest = mask
        while rest != 0 {
            let lots = UInt32(cells[rest.trailingZeroBitCount] & .max)
            rest &= rest &- 1
            self.lots.append(lots)
            largest = max(largest, lots)
        }
    }

    func encode(into out: inout StateWriter) {
        out.begin("LEVL")
        let unit = unit == .quantity || unit == .tape ? unit : isDecimal ? .decimal : .product
        out.put(unit.rawValue)
        out.put(largest <= UInt32(UInt16.max))
        out.putRaw(numbers)
        out.putRaw(masks)
        if unit == .quantity {
            out.putRaw(quantities)
        } else if largest <= UInt32(UInt16.max) {
            out.putRaw(lots.map { UInt16(truncatingIfNeeded: $0) })
        } else {
            out.putRaw(lots)
        }
    }

    // MARK: out

    static func read(from input: inout StateReader, lotSize: Double) throws(StateError) -> LevelColumns {
        try input.expect("LEVL")
        guard let unit = Unit(rawValue: try input.byte()) else { throw StateError("sizes of an unknown unit") }
        var columns = LevelColumns(lotSize: lotSize, unit: unit)
        let isShort = try input.bool()
        columns.numbers = try input.raw()
        columns.masks = try input.raw()
        if unit == .quantity {
            columns.quantities = try input.raw()
        } else if isShort {
            columns.lots = try input.raw(UInt16.self).map(UInt32.init)
        } else {
            columns.lots = try input.raw()
        }
        let count = columns.masks.reduce(0) { $0 + $1.nonzeroBitCount }
        guard columns.numbers.count == columns.masks.count, count == (unit == .quantity ? columns.quantities.count : columns.lots.count) else {
            throw StateError("the levels of a book do not fit together")
        }
        return columns
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
