import HBTTypes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Writes JSON as the venue does: no spaces, fields in the order of the calls.
///
/// In memory of its own, which is used again after `removeAll`.
public struct JSONWriter: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var end = 0
    /// A value stands before the cursor, so that the next one needs a comma.
    private var needsComma = false

    public init(capacity: Int = 512) {
        self.capacity = max(capacity, 64)
        base = .allocate(capacity: self.capacity)
    }

    deinit { base.deallocate() }

    /// What has been written, as a copy.
    public var bytes: [UInt8] { Array(UnsafeBufferPointer(start: base, count: end)) }
    public var text: String { String(decoding: UnsafeBufferPointer(start: base, count: end), as: UTF8.self) }

    /// Calls `body` with what has been written, where it lies.
    public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try body(UnsafeBufferPointer(start: base, count: end))
    }

    /// Starts over, keeping the memory.
    public mutating func removeAll() {
        end = 0
        needsComma = false
    }

    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    public mutating func name(_ name: StaticString) {
        let count = name.utf8CodeUnitCount
        reserve(count + 4)
        comma()
        put(UInt8(ascii: "\""))
        memcpy(base + end, name.utf8Start, count)
        end += count
        put(UInt8(ascii: "\""))
        put(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func name(_ name: String) {
        string(name)
        reserve(1)
        put(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            // A byte becomes six at most.
            reserve(6 * utf8.count + 3)
            comma()
            put(UInt8(ascii: "\""))
            if let start = utf8.baseAddress, Self.isPlain(utf8) {
                memcpy(base + end, start, utf8.count)
                end += utf8.count
            } else {
                putChecked(utf8)
            }
            put(UInt8(ascii: "\""))
        }
        needsComma = true
    }

    /// Nothing in it has to be escaped.
    private static func isPlain(_ utf8: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let start = utf8.baseAddress else { return true }
        var next = 0
        while next &+ 8 <= utf8.count {
            if WireScanner.stringEnds(EightBytes.load(start + next)) != 0 { return false }
            next &+= 8
        }
        while next < utf8.count {
            if start[next] < 0x20 || start[next] == UInt8(ascii: "\"") || start[next] == UInt8(ascii: "\\") { return false }
            next &+= 1
        }
        return true
    }

    private mutating func putChecked(_ utf8: UnsafeBufferPointer<UInt8>) {
        for byte in utf8 {
            if byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") {
                put(byte)
            } else {
                putEscaped(byte)
            }
        }
    }

    @inline(never)
    private mutating func putEscaped(_ byte: UInt8) {
        put(UInt8(ascii: "\\"))
        guard byte < 0x20 else { return put(byte) }
        for c in "u00".utf8 { put(c) }
        for nibble in [byte >> 4, byte & 15] { put(nibble < 10 ? 0x30 + nibble : 0x57 + nibble) }
    }

    public mutating func integer(_ value: Int64) {
        reserve(WireDecimal.mostBytes + 1)
        comma()
        end += WireDecimal(mantissa: value, digits: 0).write(to: base + end)
        needsComma = true
    }

    public mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }
    public mutating func null() { raw("null") }

    /// A number in quotes, the venue's way for prices and quantities.
    public mutating func decimal(_ value: WireDecimal) {
        reserve(WireDecimal.mostBytes + 3)
        comma()
        put(UInt8(ascii: "\""))
        end += value.write(to: base + end)
        put(UInt8(ascii: "\""))
        needsComma = true
    }

    /// A number as it stands, without quotes.
    public mutating func number(_ text: String) { raw(text) }

    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let flag): bool(flag)
        case .number(let text): number(text)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let members):
            beginObject()
            for member in members {
                name(member.name)
                self.value(member.value)
            }
            endObject()
        }
    }

    /// JSON text written elsewhere.
    public mutating func embed(_ json: [UInt8]) {
        json.withUnsafeBufferPointer { append($0) }
    }

    private mutating func raw(_ text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        reserve(bytes.count + 1)
        comma()
        if let start = bytes.baseAddress { memcpy(base + end, start, bytes.count) }
        end += bytes.count
        needsComma = true
    }

    // MARK: bytes; the caller has reserved room

    @inline(__always)
    private mutating func put(_ byte: UInt8) {
        base[end] = byte
        end &+= 1
    }

    @inline(__always)
    private mutating func comma() { if needsComma { put(UInt8(ascii: ",")) } }

    @inline(__always)
    private mutating func reserve(_ count: Int) { if capacity &- end < count { grow(count) } }

    @inline(never)
    private mutating func grow(_ count: Int) {
        capacity = max(2 * capacity, end + count)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: base, count: end)
        base.deallocate()
        base = larger
    }

    private mutating func open(_ byte: UInt8) {
        reserve(2)
        comma()
        put(byte)
        needsComma = false
    }

    private mutating func close(_ byte: UInt8) {
        reserve(1)
        put(byte)
        needsComma = true
    }
}

/// Fields in one call each.
extension JSONWriter {
    public mutating func field(_ name: StaticString, _ text: String) {
        self.name(name)
        string(text)
    }

    public mutating func field(_ name: StaticString, _ value: Int64) {
        self.name(name)
        integer(value)
    }

    public mutating func field(_ name: StaticString, _ value: WireDecimal) {
        self.name(name)
        decimal(value)
    }

    public mutating func field(_ name: StaticString, _ value: Bool) {
        self.name(name)
        bool(value)
    }

    /// Nothing at all for nil.
    public mutating func field(_ name: StaticString, ifPresent text: String?) { if let text { field(name, text) } }
    public mutating func field(_ name: StaticString, ifPresent value: Int64?) { if let value { field(name, value) } }
    public mutating func field(_ name: StaticString, ifPresent value: WireDecimal?) { if let value { field(name, value) } }
    public mutating func field(_ name: StaticString, ifPresent value: Bool?) { if let value { field(name, value) } }
}
