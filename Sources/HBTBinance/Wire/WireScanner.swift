#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A cursor over JSON text that is followed by zero bytes (`PaddedBytes`).
///
/// Every loop stops at the first byte that cannot be there, and zero never can.
struct WireScanner {
    typealias Place = UnsafePointer<UInt8>
    var p: Place

    /// JSON itself has no limit; recursion needs one.
    static let maximumDepth = 32

    @inline(__always)
    mutating func skipSpace() {
        while p.pointee == 0x20 || p.pointee == 0x0A || p.pointee == 0x0D || p.pointee == 0x09 { p += 1 }
    }

    @inline(__always)
    mutating func expect(_ byte: UInt8, _ what: StaticString) throws(WireReason) {
        guard p.pointee == byte else { throw .expected(what) }
        p += 1
    }

    /// Steps over `byte` when it stands here, after any space.
    @inline(__always)
    mutating func accept(_ byte: UInt8) -> Bool {
        skipSpace()
        guard p.pointee == byte else { return false }
        p += 1
        return true
    }

    /// Steps over a string; the cursor stands on its opening quote.
    @inline(__always)
    mutating func skipString() throws(WireReason) {
        p += 1
        while true {
            skipPlain()
            if p.pointee == UInt8(ascii: "\"") { break }
            guard p.pointee == UInt8(ascii: "\\") else { throw .unendedString }
            try skipEscape()
        }
        p += 1
    }

    private mutating func skipEscape() throws(WireReason) {
        switch p[1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            p += 2
        case UInt8(ascii: "u"):
            p += 2
            for _ in 0..<4 {
                guard Self.hexDigit(p.pointee) != nil else { throw .badEscape }
                p += 1
            }
        default: throw .badEscape
        }
    }

    static func hexDigit(_ c: UInt8) -> UInt32? {
        switch c {
        case 0x30...0x39: UInt32(c - 0x30)
        case 0x41...0x46: UInt32(c - 0x41 + 10)
        case 0x61...0x66: UInt32(c - 0x61 + 10)
        default: nil
        }
    }

    /// Steps over a number as JSON writes it.
    mutating func skipNumber() throws(WireReason) {
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
    @inline(__always) private mutating func skipDigits() { while isDigit { p += 1 } }

    /// Steps over any value, checking that it is JSON.
    mutating func skipValue(depth: Int) throws(WireReason) {
        switch p.pointee {
        case UInt8(ascii: "\""): try skipString()
        case UInt8(ascii: "{"): try skipObject(depth: depth + 1)
        case UInt8(ascii: "["): try skipArray(depth: depth + 1)
        case UInt8(ascii: "t"): try skipWord("true")
        case UInt8(ascii: "f"): try skipWord("false")
        case UInt8(ascii: "n"): try skipWord("null")
        case UInt8(ascii: "-"), 0x30...0x39: try skipNumber()
        default: throw .badLiteral
        }
    }

    mutating func skipWord(_ word: StaticString) throws(WireReason) {
        for i in 0..<word.utf8CodeUnitCount {
            guard p.pointee == word.utf8Start[i] else { throw .badLiteral }
            p += 1
        }
    }

    private mutating func skipArray(depth: Int) throws(WireReason) {
        guard depth <= Self.maximumDepth else { throw .tooDeep }
        p += 1
        if accept(UInt8(ascii: "]")) { return }
        repeat {
            skipSpace()
            try skipValue(depth: depth)
        } while accept(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"), ", or ]")
    }

    private mutating func skipObject(depth: Int) throws(WireReason) {
        guard depth <= Self.maximumDepth else { throw .tooDeep }
        p += 1
        if accept(UInt8(ascii: "}")) { return }
        repeat {
            skipSpace()
            guard p.pointee == UInt8(ascii: "\"") else { throw .expected("a field name in quotes") }
            try skipString()
            skipSpace()
            try expect(UInt8(ascii: ":"), ":")
            skipSpace()
            try skipValue(depth: depth)
        } while accept(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"), ", or }")
    }

    /// The bytes of the string at `place`, escapes left as they are; nil when no string stands there.
    ///
    /// The string must have been stepped over before.
    static func stringBytes(_ place: Place) -> UnsafeBufferPointer<UInt8>? {
        guard place.pointee == UInt8(ascii: "\"") else { return nil }
        var end = place + 1
        while end.pointee != UInt8(ascii: "\"") { end += end.pointee == UInt8(ascii: "\\") ? 2 : 1 }
        return UnsafeBufferPointer(start: place + 1, count: end - place - 1)
    }

    @inline(__always)
    static func equal(_ bytes: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Bool {
        guard bytes.count == word.utf8CodeUnitCount, let base = bytes.baseAddress else { return false }
        return memcmp(base, word.utf8Start, bytes.count) == 0
    }

    /// Text of string bytes; nil when they hold an escape or are no UTF-8.
    @inline(__always)
    static func plainText(_ raw: UnsafeBufferPointer<UInt8>) -> String? {
        var high: UInt8 = 0
        for byte in raw {
            if byte == UInt8(ascii: "\\") { return nil }
            high |= byte
        }
        return high < 0x80 ? String(decoding: raw, as: UTF8.self) : String(validating: raw, as: UTF8.self)
    }
}
