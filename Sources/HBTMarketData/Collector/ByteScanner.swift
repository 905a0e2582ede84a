import HBTTypes

/// A cursor over the JSON of one line.
///
/// Needs a newline after the last byte and `slack` readable bytes from there: a newline is legal nowhere
/// inside a one-line JSON value, so every loop below stops at it without comparing pointers. Strings are
/// left escaped: no field that is used ever holds an escape.
struct ByteScanner {
    var p: UnsafePointer<UInt8>

    /// Eight bytes are looked at together, from any byte of a line.
    static let slack = 16

    /// JSON itself has no limit; recursion needs one.
    static let maximumDepth = 64

    @inline(__always)
    mutating func skipSpace() {
        while p.pointee == 0x20 || p.pointee == 0x09 || p.pointee == 0x0D { p += 1 }
    }

    @inline(__always)
    mutating func expect(_ byte: UInt8, _ what: StaticString) throws(ScanFault) {
        guard p.pointee == byte else { throw .expected(what) }
        p += 1
    }

    /// Steps over a string; the cursor stands on its opening quote.
    @inline(__always)
    mutating func skipString() throws(ScanFault) {
        p += 1
        while true {
            skipPlain()
            let c = p.pointee
            if c == 0x22 { break }
            if c == 0x5C { try skipEscape() } else if c < 0x20 { throw .controlCharacterInString } else { p += 1 }
        }
        p += 1
    }

    private mutating func skipEscape() throws(ScanFault) {
        switch p[1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            p += 2
        case UInt8(ascii: "u"):
            p += 2
            for _ in 0..<4 {
                guard Self.isHexDigit(p.pointee) else { throw .badEscape }
                p += 1
            }
        default: throw .badEscape
        }
    }

    private static func isHexDigit(_ c: UInt8) -> Bool {
        (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66)
    }

    mutating func skipNumber() throws(ScanFault) {
        if p.pointee == UInt8(ascii: "-") { p += 1 }
        guard isDigit else { throw .badNumber }
        if p.pointee == UInt8(ascii: "0") { p += 1 } else { skipDigits() }
        if p.pointee == UInt8(ascii: ".") {
            p += 1
            guard isDigit else { throw .badNumber }
            skipDigits()
        }
        if p.pointee | 0x20 == UInt8(ascii: "e") {
            p += 1
            if p.pointee == UInt8(ascii: "+") || p.pointee == UInt8(ascii: "-") { p += 1 }
            guard isDigit else { throw .badNumber }
            skipDigits()
        }
    }

    @inline(__always) private var isDigit: Bool { p.pointee &- 0x30 < 10 }
    @inline(__always) private mutating func skipDigits() {
        while true {
            let others = EightBytes.nonDigits(EightBytes.load(p))
            p += others.trailingZeroBitCount >> 3
            if others != 0 { return }
        }
    }

    /// Steps over any value, checking that it is JSON.
    mutating func skipValue(depth: Int = 0) throws(ScanFault) {
        switch p.pointee {
        case UInt8(ascii: "\""): try skipString()
        case UInt8(ascii: "{"): try skipObject(depth: depth + 1)
        case UInt8(ascii: "["): try skipArray(depth: depth + 1)
        case UInt8(ascii: "t"): try skipLiteral("true")
        case UInt8(ascii: "f"): try skipLiteral("false")
        case UInt8(ascii: "n"): try skipLiteral("null")
        case UInt8(ascii: "-"), 0x30...0x39: try skipNumber()
        default: throw .badLiteral
        }
    }

    private mutating func skipLiteral(_ word: StaticString) throws(ScanFault) {
        for i in 0..<word.utf8CodeUnitCount {
            guard p.pointee == word.utf8Start[i] else { throw .badLiteral }
            p += 1
        }
    }

    private mutating func skipArray(depth: Int) throws(ScanFault) {
        guard depth <= Self.maximumDepth else { throw .tooDeep }
        p += 1
        skipSpace()
        if p.pointee == UInt8(ascii: "]") {
            p += 1
            return
        }
        while true {
            skipSpace()
            try skipValue(depth: depth)
            skipSpace()
            if p.pointee == UInt8(ascii: ",") { p += 1 } else { break }
        }
        try expect(UInt8(ascii: "]"), ", or ]")
    }

    private mutating func skipObject(depth: Int) throws(ScanFault) {
        guard depth <= Self.maximumDepth else { throw .tooDeep }
        p += 1
        skipSpace()
        if p.pointee == UInt8(ascii: "}") {
            p += 1
            return
        }
        while true {
            skipSpace()
            guard p.pointee == UInt8(ascii: "\"") else { throw .expected("a field name in quotes") }
            try skipString()
            skipSpace()
            try expect(UInt8(ascii: ":"), ":")
            skipSpace()
            try skipValue(depth: depth)
            skipSpace()
            if p.pointee == UInt8(ascii: ",") { p += 1 } else { break }
        }
        try expect(UInt8(ascii: "}"), ", or }")
    }
}
