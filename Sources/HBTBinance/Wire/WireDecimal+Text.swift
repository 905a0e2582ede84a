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
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.mostBytes) { text in
            guard let start = text.baseAddress else { return }
            bytes.append(contentsOf: UnsafeBufferPointer(start: start, count: write(to: start)))
        }
    }

    /// A sign, 20 digits, a point.
    static let mostBytes = 24

    /// Writes the text and returns its length, `mostBytes` at most.
    func write(to place: UnsafeMutablePointer<UInt8>) -> Int {
        var rest = mantissa.magnitude
        // Digits of the whole part, at least one, and of the fraction.
        let all = max(Self.digitCount(rest), Int(digits) + 1)
        var next = 0
        if mantissa < 0 {
            place[0] = UInt8(ascii: "-")
            next = 1
        }
        let length = next &+ all &+ (digits > 0 ? 1 : 0)
        next = length
        for _ in 0..<Int(digits) {
            next &-= 1
            place[next] = Self.lastDigit(&rest)
        }
        if digits > 0 {
            next &-= 1
            place[next] = UInt8(ascii: ".")
        }
        for _ in 0..<(all &- Int(digits)) {
            next &-= 1
            place[next] = Self.lastDigit(&rest)
        }
        return length
    }

    @inline(__always)
    private static func lastDigit(_ rest: inout UInt64) -> UInt8 {
        let tenth = rest / 10
        defer { rest = tenth }
        return UInt8(truncatingIfNeeded: 0x30 &+ rest &- 10 &* tenth)
    }

    /// Of a number without leading zeros; 1 for 0.
    private static func digitCount(_ value: UInt64) -> Int {
        var count = 1, rest = value
        while rest >= 10_000 {
            rest /= 10_000
            count += 4
        }
        return count + (rest >= 10 ? 1 : 0) + (rest >= 100 ? 1 : 0) + (rest >= 1_000 ? 1 : 0)
    }
}
