import HBTTypes

/// Whole lots as a quantity, by one of two rules.
///
/// Sizes in files are decimals: 1.234 is the double nearest to 1234 ÷ 1000, which 1234 × 0.001 often
/// is not. With the lot size written as `multiplier ÷ divisor` (both whole, the divisor a power of
/// ten) the division gives back exactly the double that a decimal text stands for.
struct LotValue: Equatable, Sendable {
    let multiplier: Double
    let divisor: Double

    /// `Double(lots) × lotSize`.
    static func product(_ lotSize: Double) -> LotValue { LotValue(multiplier: lotSize, divisor: 1) }

    /// `Double(lots × multiplier) ÷ divisor`; the product where the lot size is no short decimal.
    static func decimal(_ lotSize: Double) -> LotValue {
        var divisor = 1.0
        for _ in 0...15 {
            let multiplier = (lotSize * divisor).rounded(.toNearestOrEven)
            if multiplier >= 1 && multiplier < 1e9 && multiplier / divisor == lotSize {
                return LotValue(multiplier: multiplier, divisor: divisor)
            }
            divisor *= 10
        }
        return .product(lotSize)
    }

    /// One lot, to the last bit or nearly.
    var lotSize: Double { multiplier / divisor }

    @inline(__always) func callAsFunction(_ lots: Int64) -> Double { Double(lots) * multiplier / divisor }
}
