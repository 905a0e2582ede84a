extension WireDecimal: CustomStringConvertible, LosslessStringConvertible {
    /// `[-]digits[.digits]`; nil for anything else, also for more digits than fit.
    public init?(_ text: some StringProtocol) {
        var value: Int64 = 0
        var digits: Int?
        var count = 0
        var isNegative = false
        for (index, c) in text.utf8.enumerated() {
            if index == 0, c == UInt8(ascii: "-") {
                isNegative = true
            } else if c == UInt8(ascii: "."), digits == nil, count > 0 {
                digits = 0
            } else if c &- 0x30 < 10 {
                let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
                let (sum, carry) = tens.addingReportingOverflow(Int64(c - 0x30))
                guard !overflow, !carry else { return nil }
                value = sum
                count += 1
                if let before = digits { digits = before + 1 }
            } else {
                return nil
            }
        }
        guard count > 0, digits != 0, (digits ?? 0) <= Self.maximumDigits else { return nil }
        self.init(mantissa: isNegative ? -value : value, digits: digits ?? 0)
    }

    public init?(_ text: String) { self.init(text[...]) }

    public var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the text; no allocation beyond the array's own.
    public func append(to bytes: inout [UInt8]) {
        // A sign, 20 digits, a point.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { text in
            var rest = mantissa.magnitude
            var start = 24, written = 0
            repeat {
                if written == Int(digits), written > 0 {
                    start -= 1
                    text[start] = UInt8(ascii: ".")
                }
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                start -= 1
                text[start] = UInt8(truncatingIfNeeded: 0x30 &+ digit)
                rest = quotient
                written += 1
            } while rest > 0 || written <= Int(digits)
            if mantissa < 0 {
                start -= 1
                text[start] = UInt8(ascii: "-")
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
        }
    }
}
