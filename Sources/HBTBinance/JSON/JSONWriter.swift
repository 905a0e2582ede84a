/// Writes JSON as the venue does: no spaces, fields in the order of the calls.
public struct JSONWriter {
    public private(set) var bytes: [UInt8] = []
    /// A value stands before the cursor, so that the next one needs a comma.
    private var needsComma = false

    public init(capacity: Int = 512) { bytes.reserveCapacity(capacity) }

    /// Starts over, keeping the memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    public mutating func name(_ name: StaticString) {
        let count = name.utf8CodeUnitCount
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count + 4) { text in
            var end = 0
            if needsComma {
                text[0] = UInt8(ascii: ",")
                end = 1
            }
            text[end] = UInt8(ascii: "\"")
            for i in 0..<count { text[end + 1 + i] = name.utf8Start[i] }
            end += count + 1
            text[end] = UInt8(ascii: "\"")
            text[end + 1] = UInt8(ascii: ":")
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[..<(end + 2)]))
        }
        needsComma = false
    }

    public mutating func name(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func string(_ text: String) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            // Plain runs go over whole.
            var run = 0
            for (i, byte) in utf8.enumerated() where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[run..<i]))
                run = i + 1
                if byte < 0x20 {
                    bytes.append(contentsOf: Array("\\u00".utf8))
                    bytes.append(contentsOf: [Self.hex[Int(byte >> 4)], Self.hex[Int(byte & 15)]])
                } else {
                    bytes.append(UInt8(ascii: "\\"))
                    bytes.append(byte)
                }
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[run...]))
        }
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    public mutating func integer(_ value: Int64) {
        comma()
        WireDecimal(mantissa: value, digits: 0).append(to: &bytes)
        needsComma = true
    }

    public mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }
    public mutating func null() { raw("null") }

    /// A number in quotes, the venue's way for prices and quantities.
    public mutating func decimal(_ value: WireDecimal) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        value.append(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
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
        comma()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    private static let hex = Array("0123456789abcdef".utf8)

    private mutating func raw(_ text: String) {
        comma()
        bytes.append(contentsOf: text.utf8)
        needsComma = true
    }

    private mutating func comma() { if needsComma { bytes.append(UInt8(ascii: ",")) } }

    private mutating func open(_ byte: UInt8) {
        comma()
        bytes.append(byte)
        needsComma = false
    }

    private mutating func close(_ byte: UInt8) {
        bytes.append(byte)
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
