import HBTTypes

extension WireScanner {
    /// A decimal number, in quotes or bare; the cursor ends after it.
    @inline(__always)
    mutating func decimal() throws(WireReason) -> WireDecimal {
        if p.pointee == UInt8(ascii: "\""), let quick = quickDecimal() { return quick }
        return try anyDecimal()
    }

    @inline(never)
    private mutating func anyDecimal() throws(WireReason) -> WireDecimal {
        let isQuoted = p.pointee == UInt8(ascii: "\"")
        if isQuoted { p += 1 }
        let isNegative = p.pointee == UInt8(ascii: "-")
        if isNegative { p += 1 }
        let start = p
        // JSON has no leading zeros; text in quotes is the venue's own affair.
        if !isQuoted, p.pointee == 0x30, p[1] &- 0x30 < 10 { throw .badNumber }
        var value: UInt64 = 0
        var c = p.pointee &- 0x30
        while c < 10 {
            value = value &* 10 &+ UInt64(c)
            p += 1
            c = p.pointee &- 0x30
        }
        var count = p - start
        var digits = 0
        guard count > 0 else { throw .badNumber }
        if p.pointee == UInt8(ascii: ".") {
            p += 1
            let point = p
            c = p.pointee &- 0x30
            while c < 10 {
                value = value &* 10 &+ UInt64(c)
                p += 1
                c = p.pointee &- 0x30
            }
            digits = p - point
            count += digits
            guard digits > 0 else { throw .badNumber }
        }
        if count > WireDecimal.maximumDigits {
            p = start
            return try longDecimal(isNegative: isNegative, isQuoted: isQuoted)
        }
        if isQuoted { try expect(UInt8(ascii: "\""), "a decimal number") } else { try notExponent() }
        let signed = Int64(bitPattern: value)
        return WireDecimal(uncheckedMantissa: isNegative ? 0 &- signed : signed, digits: UInt8(truncatingIfNeeded: digits))
    }

    @inline(__always)
    private func notExponent() throws(WireReason) {
        // A point or an exponent after the digits: no number of this venue.
        if p.pointee == UInt8(ascii: ".") || p.pointee | 0x20 == UInt8(ascii: "e") { throw .badNumber }
    }

    /// More digits than surely fit: zeros at either end carry nothing and are left away.
    private mutating func longDecimal(isNegative: Bool, isQuoted: Bool) throws(WireReason) -> WireDecimal {
        var bytes: [UInt8] = []
        var point: Int?
        while p.pointee &- 0x30 < 10 || (p.pointee == UInt8(ascii: ".") && point == nil) {
            if p.pointee == UInt8(ascii: ".") { point = bytes.count } else { bytes.append(p.pointee) }
            p += 1
        }
        var digits = point.map { bytes.count - $0 } ?? 0
        while digits > 0, bytes.last == 0x30 {
            bytes.removeLast()
            digits -= 1
        }
        var value: Int64 = 0
        for byte in bytes {
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int64(byte - 0x30))
            guard !overflow, !carry else { throw .numberTooLong }
            value = sum
        }
        guard digits <= WireDecimal.maximumDigits else { throw .numberTooLong }
        if isQuoted { try expect(UInt8(ascii: "\""), "a decimal number") } else { try notExponent() }
        return WireDecimal(mantissa: isNegative ? -value : value, digits: digits)
    }

    /// A whole number without quotes; nil when none stands here or it does not fit.
    @inline(__always)
    mutating func integer() -> Int64? {
        let isNegative = p.pointee == UInt8(ascii: "-")
        if isNegative { p += 1 }
        let start = p
        var value: UInt64 = 0
        let word = EightBytes.load(p)
        if EightBytes.nonDigits(word) == 0 {
            value = EightBytes.digits(word)
            p += 8
        }
        while p.pointee &- 0x30 < 10 {
            value = value &* 10 &+ UInt64(p.pointee &- 0x30)
            p += 1
        }
        guard p > start, p - start <= 19, value <= UInt64(Int64.max) else { return nil }
        guard p.pointee != UInt8(ascii: "."), p.pointee | 0x20 != UInt8(ascii: "e") else { return nil }
        return isNegative ? -Int64(value) : Int64(value)
    }
}

extension WireDecimal {
    /// For the scanner, which has counted the digits.
    @inline(__always)
    init(uncheckedMantissa mantissa: Int64, digits: UInt8) {
        self.mantissa = mantissa
        self.digits = digits
    }
}
