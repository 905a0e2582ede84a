/// A decimal number exactly as the venue wrote it: `mantissa × 10^-digits`.
///
/// Trailing zeros are kept, so that a number goes out as it came in ("0.010" and "0.01" are different texts).
@frozen
public struct WireDecimal: Sendable {
    public var mantissa: Int64
    /// Digits after the point, 0...18.
    public var digits: UInt8

    public init(mantissa: Int64, digits: Int) {
        precondition(digits >= 0 && digits <= WireDecimal.maximumDigits, "a decimal has 0 to 18 digits after its point")
        self.mantissa = mantissa
        self.digits = UInt8(digits)
    }

    /// Digits that an `Int64` always holds.
    public static let maximumDigits = 18
    public static let zero = WireDecimal(mantissa: 0, digits: 0)

    /// 10^n for n in 0...18.
    public static let powers: [Int64] = (0...maximumDigits).map { n in (0..<n).reduce(1) { value, _ in value * 10 } }

    /// The nearest double: what `strtod` makes of the text.
    @inlinable
    public var double: Double {
        // Both operands exact, so that one division rounds once (W. D. Clinger, PLDI 1990).
        if mantissa.magnitude <= 1 << 53 && digits < 9 { return Double(mantissa) / Double(Self.smallPower(Int(digits))) }
        return slowDouble
    }

    @usableFromInline
    var slowDouble: Double {
        if mantissa.magnitude <= 1 << 53 { return Double(mantissa) / Double(Self.powers[Int(digits)]) }
        return Double(description) ?? .nan
    }

    /// 10^n for n in 0...8, without a table in memory that would have to be found first.
    @inlinable
    static func smallPower(_ n: Int) -> UInt64 {
        switch n {
        case 0: 1
        case 1: 10
        case 2: 100
        case 3: 1000
        case 4: 10_000
        case 5: 100_000
        case 6: 1_000_000
        case 7: 10_000_000
        default: 100_000_000
        }
    }

    public var isZero: Bool { mantissa == 0 }

    /// The same value with `digits` digits after the point; nil when digits other than 0 would be lost,
    /// or when it does not fit.
    public func rescaled(digits wanted: Int) -> WireDecimal? {
        guard wanted >= 0, wanted <= Self.maximumDigits else { return nil }
        let by = wanted - Int(digits)
        if by >= 0 {
            let (value, overflow) = mantissa.multipliedReportingOverflow(by: Self.powers[by])
            return overflow ? nil : WireDecimal(mantissa: value, digits: wanted)
        }
        let (quotient, rest) = mantissa.quotientAndRemainder(dividingBy: Self.powers[-by])
        return rest == 0 ? WireDecimal(mantissa: quotient, digits: wanted) : nil
    }

    /// `value` rounded to the nearest with `digits` digits after the point; nil when it does not fit.
    public init?(rounding value: Double, digits: Int) {
        let scaled = (value * Double(Self.powers[digits])).rounded()
        guard scaled.magnitude < 9e18 else { return nil }
        self.init(mantissa: Int64(scaled), digits: digits)
    }
}

extension WireDecimal: Equatable, Comparable {
    /// By value: 0.10 equals 0.1.
    public static func == (a: WireDecimal, b: WireDecimal) -> Bool { !(a < b) && !(b < a) }

    public static func < (a: WireDecimal, b: WireDecimal) -> Bool {
        if a.digits == b.digits { return a.mantissa < b.mantissa }
        let digits = max(a.digits, b.digits)
        let left = a.mantissa.multipliedFullWidth(by: powers[Int(digits - a.digits)])
        let right = b.mantissa.multipliedFullWidth(by: powers[Int(digits - b.digits)])
        return left.high == right.high ? left.low < right.low : left.high < right.high
    }
}
