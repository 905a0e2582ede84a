import HBTTypes

/// Sizes as whole lots, with the proof that the lots give every size back to the last bit.
///
/// One rule must fit all sizes of the data: the decimal one or the product (`LotValue`).
struct TapeSizes {
    private let grid: Grid
    private let product: LotValue
    private let decimal: LotValue
    private var isProduct: Bool
    private var isDecimal = true

    init(lotSize: Double) {
        grid = Grid(tickSize: 1, lotSize: lotSize)
        product = .product(lotSize)
        decimal = .decimal(lotSize)
        // One rule need not be proved twice.
        isProduct = product != decimal
    }

    /// The rule that is left; nil while both are.
    var soleRule: LotValue? { isDecimal ? (isProduct ? nil : decimal) : product }

    mutating func lots(_ quantity: Double) throws(TapeRefusal) -> Int32 {
        let lots = grid.lots(quantity)
        guard lots >= 0, lots < 1 << 30 else { throw TapeRefusal("a size of \(quantity) is negative or more than 2^30 lots") }
        if isDecimal && decimal(lots).bitPattern != quantity.bitPattern { isDecimal = false }
        if isProduct && product(lots).bitPattern != quantity.bitPattern { isProduct = false }
        guard isDecimal || isProduct else {
            throw TapeRefusal("a size of \(quantity) is no whole number of lots, or follows another rounding than those before")
        }
        return Int32(truncatingIfNeeded: lots)
    }

    /// The rule that fits all sizes so far.
    func value() throws(TapeRefusal) -> LotValue {
        guard isDecimal || isProduct else { throw TapeRefusal("sizes follow two different roundings") }
        return isDecimal ? decimal : product
    }
}
