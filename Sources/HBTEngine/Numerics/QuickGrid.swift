/// `Grid` by multiplication where that provably gives the same integers, by division elsewhere.
///
/// With x = value × fl(1 ÷ step) and q the exact quotient, |x − q| ≤ 3 × 2⁻⁵³ |q|, and the rounded
/// quotient lies within 2⁻⁵³ |q| of q: below 2³¹ together less than 2⁻²⁰. So an x that is nearer than
/// 0.49 to a whole number rounds to it, and so does the quotient. Everything else is divided.
struct QuickGrid {
    private let grid: Grid
    private let perTick: Double
    private let perLot: Double
    /// Adding and taking away 1.5 × 2⁵² leaves the nearest whole number.
    private static var shift: Double { 6_755_399_441_055_744 }
    private static var limit: Double { 2_147_483_648 }

    init(_ grid: Grid) {
        self.grid = grid
        perTick = 1 / grid.tickSize
        perLot = 1 / grid.lotSize
    }

    @inline(__always) func tick(_ price: Double) -> Int64 { nearest(price * perTick) ?? grid.tick(price) }

    @inline(__always) func lots(_ quantity: Double) -> Int64 { nearest(quantity * perLot) ?? grid.lots(quantity) }

    /// The sign of `lots(quantity)`.
    @inline(__always) func sign(_ quantity: Double) -> Int8 {
        let x = quantity * perLot
        // Above 0.51 lots the quotient rounds to 1 or more; without a limit a lot size whose reciprocal is infinite would, too.
        if x > 0.51 && x < Self.limit { return 1 }
        if quantity == 0 { return 0 }
        return Int8(grid.lots(quantity).signum())
    }

    @inline(__always) private func nearest(_ x: Double) -> Int64? {
        let shifted = x + Self.shift
        // False for NaN, too.
        guard (x - (shifted - Self.shift)).magnitude < 0.49, x.magnitude < Self.limit else { return nil }
        // Between 2⁵² and 2⁵³ the doubles are the whole numbers, and so are their bits, counted from `shift`'s.
        return Int64(bitPattern: shifted.bitPattern &- Self.shift.bitPattern)
    }

    /// Lots below 2³⁰, or a negative number where there are more, or fewer than none, or where it takes a
    /// division to tell.
    @inline(__always) func smallLots(_ quantity: Double) -> Int32 {
        let x = quantity * perLot
        let shifted = x + Self.shift
        let isNear = (x - (shifted - Self.shift)).magnitude < 0.49 && x.magnitude < 1_073_741_823
        return isNear ? Int32(truncatingIfNeeded: Int64(bitPattern: shifted.bitPattern &- Self.shift.bitPattern)) : -1
    }
}
