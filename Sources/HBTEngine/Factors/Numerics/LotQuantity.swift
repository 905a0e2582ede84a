/// A quantity in lots that adds and subtracts without residue: whole lots and, for sizes off the
/// lot grid, a remainder in 2⁻⁴⁰ lots.
///
/// Both parts are integers, so what is added and later removed leaves exactly nothing, and a sum
/// does not depend on the order of its changes. On the grid the value is exact; off it each size is
/// rounded once, by at most 2⁻⁴¹ lots.
struct LotQuantity: BitwiseCopyable, Equatable {
    /// Both parts in one register: written as two words and read as one, they would stall the reader.
    private var parts: SIMD2<Int64>

    @inline(__always) init(whole: Int64 = 0, part: Int64 = 0) { parts = SIMD2(whole, part) }
    @inline(__always) private init(_ parts: SIMD2<Int64>) { self.parts = parts }

    @inline(__always) var whole: Int64 { parts[0] }
    @inline(__always) var part: Int64 { parts[1] }

    static let partsPerLot = 1_099_511_627_776.0

    @inline(__always) static func += (a: inout LotQuantity, b: LotQuantity) { a.parts &+= b.parts }
    @inline(__always) static func -= (a: inout LotQuantity, b: LotQuantity) { a.parts &-= b.parts }
    @inline(__always) static func - (a: LotQuantity, b: LotQuantity) -> LotQuantity { LotQuantity(a.parts &- b.parts) }
    @inline(__always) static prefix func - (a: LotQuantity) -> LotQuantity { LotQuantity(SIMD2(repeating: 0) &- a.parts) }
    /// A remainder is smaller than a lot: the whole lots decide, if there are any.
    @inline(__always) var isNegative: Bool { (whole != 0 ? whole : part) < 0 }
    /// Without a branch: buys and sells take turns as they like.
    @inline(__always) var magnitude: LotQuantity { negated(if: isNegative) }
    @inline(__always) func negated(if isNegative: Bool) -> LotQuantity {
        let mask = SIMD2(repeating: 0 &- Int64(isNegative ? 1 : 0))
        return LotQuantity((parts ^ mask) &- mask)
    }

    /// In lots.
    @inline(__always) var lots: Double {
        part == 0 ? Double(whole) : Double(whole) + Double(part) / Self.partsPerLot
    }
    @inline(__always) var isZero: Bool { whole == 0 && part == 0 }
}

/// Converts sizes and prices of one instrument into integers.
struct LotScale: BitwiseCopyable {
    let tickSize: Double
    let lotSize: Double
    private let lotsPerUnit: Double
    private let pricePartsPerUnit: Double

    /// Parts of a tick in which `pricePart` counts.
    static let partsPerTick = 65_536.0

    init(tickSize: Double, lotSize: Double) {
        self.tickSize = tickSize
        self.lotSize = lotSize
        lotsPerUnit = 1 / lotSize
        pricePartsPerUnit = Self.partsPerTick / tickSize
    }

    /// Sizes of 0 or below, and NaN, are nothing.
    ///
    /// Four roundings separate a size on the grid from its number of lots (both decimals, the
    /// reciprocal, the product): within 2⁻⁵⁰ of a whole number of lots it is that number.
    @inline(__always) func quantity(_ size: Double) -> LotQuantity {
        // Nothing takes the same way, without a branch: levels come and go.
        let lots = (size > 0 ? size : 0) * lotsPerUnit
        let whole = roundedInt(lots)
        let rest = lots - Double(whole)
        let relative = lots * 8.881784197001252e-16
        if rest.magnitude <= (relative > 4.547473508864641e-13 ? relative : 4.547473508864641e-13) { return LotQuantity(whole: whole) }
        return LotQuantity(whole: whole, part: saturatingInt(rest * LotQuantity.partsPerLot))
    }

    /// A price in 2⁻¹⁶ ticks: exact for prices on the grid.
    @inline(__always) func pricePart(_ price: Double) -> Int64 { roundedInt(price * pricePartsPerUnit) }
}
