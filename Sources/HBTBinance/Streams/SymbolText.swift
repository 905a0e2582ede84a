import HBTTypes

/// A symbol as bytes and as text, so that the same one is not made into text again with each message.
struct SymbolText {
    private var text = ""
    private var first: UInt64 = 0
    private var second: UInt64 = 0
    /// Bytes of the symbol; no symbol has so few before the first is kept.
    private var count = -1

    init() {}

    /// The string at the cursor, which stands on its opening quote; nil for one that needs a closer look.
    @inline(__always)
    mutating func read(_ s: inout WireScanner) -> String? {
        guard s.p.pointee == UInt8(ascii: "\"") else { return nil }
        let place = s.p + 1
        var end = WireScanner(p: place)
        end.skipPlain()
        guard end.p.pointee == UInt8(ascii: "\"") else { return nil }
        let length = end.p - place
        s.p = end.p + 1
        // Where the bytes are plain and as many, the same bytes are the same text.
        if length == count {
            let (one, two) = Self.words(place, length)
            if one == first, two == second { return text }
        }
        return readAnew(UnsafeBufferPointer(start: place, count: length))
    }

    @inline(never)
    private mutating func readAnew(_ raw: UnsafeBufferPointer<UInt8>) -> String? {
        guard let base = raw.baseAddress, let made = WireScanner.plainText(raw) else { return nil }
        if raw.count <= 15 {
            (text, count) = (made, raw.count)
            (first, second) = Self.words(base, raw.count)
        }
        return made
    }

    /// The first 8 of at most 15 bytes, and the rest.
    @inline(__always)
    private static func words(_ place: WireScanner.Place, _ count: Int) -> (UInt64, UInt64) {
        let first = EightBytes.load(place), second = EightBytes.load(place + 8)
        if count >= 8 { return (first, second & ((1 &<< UInt64((count - 8) * 8)) &- 1)) }
        return (first & ((1 &<< UInt64(count * 8)) &- 1), 0)
    }
}
