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
        let isShort = unit != .quantity && lots.allSatisfy { $0 <= UInt32(UInt16.max) }
        out.begin("LEVL")
        out.put(unit.rawValue)
        out.put(isShort)
        out.putRaw(numbers)
        out.putRaw(masks)
        if unit == .quantity {
            out.putRaw(quantitiesInOrder())
        } else if isShort {
            out.putRaw(count, of: UInt16.self) { room in
                for i in 0..<count { room[i] = UInt16(truncatingIfNeeded: lots[i]) }
            }
        } else {
            out.putRaw(UnsafeBufferPointer(lots))
        }
    }

    /// False when a size is not exactly a number of lots by the rule `value`.
    private func takeLots(_ lots: UnsafeMutableBufferPointer<UInt32>, by value: LotValue) -> Bool {
        var next = 0
        for i in masks.indices {
            let sizes = places[i].assumingMemoryBound(to: Double.self)
            var rest = masks[i], isExact = true
            while rest != 0 {
                let size = sizes[rest.trailingZeroBitCount]
                rest &= rest &- 1
                // NaN, too, goes this way.
                guard size >= 0, size * lotsPerUnit < 4e9 else { return false }
                let whole = Int64(size * lotsPerUnit + 0.5)
                isExact = isExact && value(whole).bitPattern == size.bitPattern
                lots[next] = UInt32(truncatingIfNeeded: whole)
                next += 1
            }
            if !isExact { return false }
        }
        return true
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
