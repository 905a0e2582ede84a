import HBTTypes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Values in their usual shape; nil for everything else, with the cursor anywhere.
extension WireScanner {
    /// Steps over `text` when it stands here.
    @inline(__always)
    mutating func take(_ text: StaticString) -> Bool {
        guard memcmp(p, text.utf8Start, text.utf8CodeUnitCount) == 0 else { return false }
        p += text.utf8CodeUnitCount
        return true
    }

    /// A whole number above 0 of at most 15 digits. What stands behind it is for the caller to look at.
    @inline(__always)
    mutating func quickInteger() -> Int64? {
        guard p.pointee != UInt8(ascii: "0") else { return nil }
        let first = EightBytes.load(p), marks = EightBytes.nonDigits(first)
        if marks != 0 {
            let count = marks.trailingZeroBitCount &>> 3
            guard count > 0 else { return nil }
            p += count
            return Int64(bitPattern: EightBytes.digits(first &<< UInt64(64 &- count &* 8)))
        }
        let second = EightBytes.load(p + 8), behind = EightBytes.nonDigits(second)
        guard behind != 0 else { return nil }
        let count = behind.trailingZeroBitCount &>> 3
        p += 8 &+ count
        let units = EightBytes.digits(first)
        guard count > 0 else { return Int64(bitPattern: units) }
        return Int64(bitPattern: units &* WireDecimal.smallPower(count) &+ EightBytes.digits(second &<< UInt64(64 &- count &* 8)))
    }

    /// A decimal in quotes.
    @inline(__always)
    mutating func quickQuoted() -> WireDecimal? { p.pointee == UInt8(ascii: "\"") ? quickDecimal() : nil }

    @inline(__always)
    mutating func quickFlag() -> Bool? {
        if take("true") { return true }
        return take("false") ? false : nil
    }

    /// A string without escapes.
    mutating func quickText() -> String? {
        guard p.pointee == UInt8(ascii: "\"") else { return nil }
        let start = p + 1
        p = start
        skipPlain()
        guard p.pointee == UInt8(ascii: "\"") else { return nil }
        let raw = UnsafeBufferPointer(start: start, count: p - start)
        p += 1
        return Self.plainText(raw)
    }
}
