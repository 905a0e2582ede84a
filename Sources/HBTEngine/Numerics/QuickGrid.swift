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

    @inline(__always) func tick(_ price: Double) -> Int64 {
        let x = price * perTick
        let sum = x + Self.shift
        // False for NaN, too.
        guard (x - (sum - Self.shift)).magnitude < 0.49, x.magnitude < Self.limit else { return grid.tick(price) }
        return Self.whole(sum)
    }

    @inline(__always) func lots(_ quantity: Double) -> Int64 {
        let x = quantity * perLot
        let sum = x + Self.shift
        guard (x - (sum - Self.shift)).magnitude < 0.49, x.magnitude < Self.limit else { return grid.lots(quantity) }
        return Self.whole(sum)
    }

    /// Lots below 2³⁰, or a negative number where there are more, or fewer than none, or where it takes a
    /// division to tell.
    @inline(__always) func smallLots(_ quantity: Double) -> Int32 {
        let x = quantity * perLot
        let sum = x + Self.shift
        let isNear = (x - (sum - Self.shift)).magnitude < 0.49 && x.magnitude < 1_073_741_823
        return isNear ? Int32(truncatingIfNeeded: Self.whole(sum)) : -1
    }

    /// The integer of a whole number to which the shift has been added: it stands in the last bits.
    @inline(__always) private static func whole(_ shifted: Double) -> Int64 {
        Int64(bitPattern: shifted.bitPattern &- shift.bitPattern)
    }
}
