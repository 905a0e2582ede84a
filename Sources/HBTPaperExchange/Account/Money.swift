import HBTBinance

/// Amounts of an asset in units of 10⁻⁸, as the venue keeps them: sums are exact.
struct Money: Equatable, Comparable {
    var units: Int64

    static let zero = Money(units: 0)
    static let digits = 8

    init(units: Int64) { self.units = units }

    /// Rounded to the nearest unit; what is beyond ±9×10¹⁰ is cut there.
    init(_ value: Double) {
        let scaled = (value * 1e8).rounded()
        units = scaled.isNaN ? 0 : scaled >= 9.2e18 ? .max : scaled <= -9.2e18 ? .min : Int64(scaled)
    }

    init(_ value: WireDecimal) { self = value.rescaled(digits: Money.digits).map { Money(units: $0.mantissa) } ?? Money(value.double) }

    var wire: WireDecimal { WireDecimal(mantissa: units, digits: Money.digits) }
    var double: Double { Double(units) / 1e8 }

    static func < (a: Money, b: Money) -> Bool { a.units < b.units }
    static func + (a: Money, b: Money) -> Money { Money(units: saturated(a.units.addingReportingOverflow(b.units), b.units)) }
    static func - (a: Money, b: Money) -> Money { Money(units: saturated(a.units.subtractingReportingOverflow(b.units), 0 &- b.units)) }
    static func += (a: inout Money, b: Money) { a = a + b }
    static func -= (a: inout Money, b: Money) { a = a - b }

    private static func saturated(_ sum: (partialValue: Int64, overflow: Bool), _ direction: Int64) -> Int64 {
        sum.overflow ? (direction > 0 ? .max : .min) : sum.partialValue
    }
}
