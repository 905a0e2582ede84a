/// Decimal text to the nearest double.
extension ByteScanner {
    /// Powers of ten that a double holds exactly.
    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
        1e19, 1e20, 1e21, 1e22,
    ]

    /// A decimal number in quotes or bare; the cursor ends after it.
    ///
    /// Correctly rounded. An integer below 2⁵³ divided by an exact power of ten is one correctly
    /// rounded operation on two exact operands (W. D. Clinger, "How to read floating point numbers
    /// accurately", PLDI 1990); that is every price and quantity seen in practice. The rest takes
    /// the standard library's conversion.
    @inline(__always)
    mutating func decimal(powers: UnsafePointer<Double>) throws(ScanFault) -> Double {
        let start = p
        if p.pointee == UInt8(ascii: "\"") {
            var q = p + 1
            let digits = q
            var mantissa: UInt64 = 0
            var c = q.pointee &- 0x30
            while c < 10 {
                mantissa = mantissa &* 10 &+ UInt64(c)
                q += 1
                c = q.pointee &- 0x30
            }
            var count = q - digits
            var fraction = 0
            if count > 0, q.pointee == UInt8(ascii: ".") {
                q += 1
                let point = q
                c = q.pointee &- 0x30
                while c < 10 {
                    mantissa = mantissa &* 10 &+ UInt64(c)
                    q += 1
                    c = q.pointee &- 0x30
                }
                fraction = q - point
                count += fraction
            }
            // 19 digits cannot have wrapped 64 bits.
            if q.pointee == UInt8(ascii: "\""), count > 0, count <= 19, mantissa <= 1 << 53 {
                p = q + 1
                return fraction == 0 ? Double(mantissa) : Double(mantissa) / powers[fraction]
            }
        }
        p = start
        return try slowDecimal()
    }

    mutating func decimal() throws(ScanFault) -> Double {
        try Self.withPowers { powers throws(ScanFault) in try decimal(powers: powers) }
    }

    @inline(__always)
    private static func withPowers<R>(_ body: (UnsafePointer<Double>) throws(ScanFault) -> R) throws(ScanFault) -> R {
        let table = powerTable
        return try body(table)
    }

    /// Never freed: one table for the life of the process.
    nonisolated(unsafe) static let powerTable: UnsafePointer<Double> = {
        let table = UnsafeMutablePointer<Double>.allocate(capacity: powersOfTen.count)
        table.initialize(from: powersOfTen, count: powersOfTen.count)
        return UnsafePointer(table)
    }()

    /// `[-]digits[.digits][e[±]digits]`, with or without quotes; no infinities, no NaN.
    private mutating func slowDecimal() throws(ScanFault) -> Double {
        let isQuoted = p.pointee == UInt8(ascii: "\"")
        if isQuoted { p += 1 }
        let start = p
        if isQuoted {
            while Self.isNumberByte(p.pointee) { p += 1 }
        } else {
            try skipNumber()
        }
        let text = String(decoding: UnsafeBufferPointer(start: start, count: p - start), as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw .badNumber }
        if isQuoted { try expect(UInt8(ascii: "\""), "a decimal number") }
        return value
    }

    private static func isNumberByte(_ c: UInt8) -> Bool {
        c &- 0x30 < 10 || c == UInt8(ascii: ".") || c == UInt8(ascii: "-") || c == UInt8(ascii: "+") || c | 0x20 == UInt8(ascii: "e")
    }

    /// An integer; nil when the value at the cursor is none or does not fit.
    func integer() -> Int64? {
        var q = p
        let isNegative = q.pointee == UInt8(ascii: "-")
        if isNegative { q += 1 }
        let digits = q
        var value: UInt64 = 0
        while q.pointee &- 0x30 < 10 {
            value = value &* 10 &+ UInt64(q.pointee &- 0x30)
            q += 1
        }
        let count = q - digits
        guard count > 0, count <= 19, value <= UInt64(Int64.max) else { return nil }
        guard q.pointee != UInt8(ascii: "."), q.pointee | 0x20 != UInt8(ascii: "e") else { return nil }
        return isNegative ? -Int64(value) : Int64(value)
    }
}
