/// A tick or lot size as an exact decimal; turns decimal text into whole steps without a detour over doubles.
public struct WireStep: Sendable, Equatable {
    public let size: WireDecimal
    /// By digits of the number: steps = mantissa × factor ÷ divisor; divisor 0 where that overflows.
    private let factors: [Int64]
    private let divisors: [Int64]

    /// nil for a size that is not positive.
    public init?(_ size: WireDecimal) {
        guard size.mantissa > 0 else { return nil }
        self.size = size
        var factors: [Int64] = [], divisors: [Int64] = []
        for digits in 0...WireDecimal.maximumDigits {
            let by = Int(size.digits) - digits
            if by >= 0 {
                factors.append(WireDecimal.powers[by])
                divisors.append(size.mantissa)
            } else {
                let (divisor, overflow) = size.mantissa.multipliedReportingOverflow(by: WireDecimal.powers[-by])
                factors.append(1)
                divisors.append(overflow ? 0 : divisor)
            }
        }
        self.factors = factors
        self.divisors = divisors
    }

    public init?(_ text: String) {
        guard let size = WireDecimal(text) else { return nil }
        self.init(size)
    }

    /// How many steps `value` is; nil when it is no whole number of them, or too many.
    public func steps(_ value: WireDecimal) -> Int64? {
        let divisor = divisors[Int(value.digits)]
        guard divisor != 0 else { return value.mantissa == 0 ? 0 : nil }
        let (scaled, overflow) = value.mantissa.multipliedReportingOverflow(by: factors[Int(value.digits)])
        guard !overflow else { return nil }
        let (quotient, rest) = scaled.quotientAndRemainder(dividingBy: divisor)
        return rest == 0 ? quotient : nil
    }

    /// The value of `steps` steps with the size's own digits; nil when it does not fit.
    public func value(_ steps: Int64) -> WireDecimal? {
        let (mantissa, overflow) = steps.multipliedReportingOverflow(by: size.mantissa)
        return overflow ? nil : WireDecimal(mantissa: mantissa, digits: Int(size.digits))
    }

    /// The value of `steps` steps, written with `digits` digits, as the venue writes this field.
    public func value(_ steps: Int64, digits: Int) -> WireDecimal? { value(steps)?.rescaled(digits: digits) }

    public static func == (a: WireStep, b: WireStep) -> Bool { a.size == b.size }
}
