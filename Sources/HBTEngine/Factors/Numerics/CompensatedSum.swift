/// Sums that carry what each addition rounds away (Knuth's two-sum; TAOCP vol. 2, §4.2.2), several
/// side by side.
///
/// After k additions and subtractions the error is below k·2⁻¹⁰⁵ of the largest sum in between, so
/// values that leave take their rounding with them.
struct CompensatedSums<Lanes: SIMD>: BitwiseCopyable where Lanes: BitwiseCopyable, Lanes.Scalar == Double {
    private(set) var sum = Lanes(repeating: 0)
    private(set) var lost = Lanes(repeating: 0)

    init() {}
    init(sum: Lanes, lost: Lanes) {
        self.sum = sum
        self.lost = lost
    }

    @inline(__always) mutating func add(_ x: Lanes) {
        let total = sum + x
        let kept = total - sum
        lost += (sum - (total - kept)) + (x - kept)
        sum = total
    }

    @inline(__always) mutating func subtract(_ x: Lanes) {
        let total = sum - x
        let kept = total - sum
        lost += (sum - (total - kept)) - (x + kept)
        sum = total
    }

    @inline(__always) var value: Lanes { sum + lost }
}
