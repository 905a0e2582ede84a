/// Reads the JSON of a vector file without losing a bit of its numbers.
///
/// Python's `NaN`, `Infinity` and `-Infinity` are accepted as it writes them.
struct VectorScanner {
    private let bytes: [UInt8]
    private var at = 0
    /// Deeper nesting than any vector has; keeps a hostile file from exhausting the stack.
    private static let maxDepth = 64

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    static func parse(_ bytes: [UInt8]) throws(VectorFault) -> VectorValue {
        var scanner = VectorScanner(bytes)
        let value = try scanner.value(depth: 0)
        scanner.skipSpace()
        guard scanner.at == bytes.count else { throw scanner.fault("text after the end of the value") }
        return value
    }

    private func fault(_ what: String) -> VectorFault {
        var line = 1
        for i in 0..<min(at, bytes.count) where bytes[i] == UInt8(ascii: "\n") { line += 1 }
        return VectorFault("not JSON: \(what) at byte \(at) (line \(line))")
    }

    private mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 { at += 1 }
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard at + count <= bytes.count else { return false }
        for i in 0..<count where bytes[at + i] != word.utf8Start[i] { return false }
        at += count
        return true
    }

    private mutating func value(depth: Int) throws(VectorFault) -> VectorValue {
        guard depth < Self.maxDepth else { throw fault("nested deeper than \(Self.maxDepth) levels") }
        skipSpace()
        guard at < bytes.count else { throw fault("the file ends early") }
        switch bytes[at] {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        default:
            if take("null") { return .null }
            if take("true") { return .bool(true) }
            if take("false") { return .bool(false) }
            if take("NaN") { return .double(.nan) }
            if take("Infinity") { return .double(.infinity) }
            if take("-Infinity") { return .double(-.infinity) }
            return try number()
        }
    }

    private mutating func object(depth: Int) throws(VectorFault) -> VectorValue {
        at += 1
        var members: [(key: String, value: VectorValue)] = []
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw fault("a key in quotes is missing") }
            let key = try string()
            skipSpace()
            guard take(":") else { throw fault("a colon is missing") }
            members.append((key, try value(depth: depth + 1)))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw fault("a comma or a closing brace is missing") }
        }
    }

    private mutating func array(depth: Int) throws(VectorFault) -> VectorValue {
        at += 1
        var values: [VectorValue] = []
        skipSpace()
        if take("]") { return .array(values) }
        while true {
            values.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(values) }
            guard take(",") else { throw fault("a comma or a closing bracket is missing") }
        }
    }

    private mutating func number() throws(VectorFault) -> VectorValue {
        let start = at
        var isWhole = true
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): break
            case UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isWhole = false
            default:
                return try finishNumber(start, isWhole)
            }
            at += 1
        }
        return try finishNumber(start, isWhole)
    }

    private func finishNumber(_ start: Int, _ isWhole: Bool) throws(VectorFault) -> VectorValue {
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if isWhole {
            if let value = Int64(text) { return .integer(value) }
            if let value = UInt64(text) { return .unsigned(value) }
        }
        guard let value = Double(text) else { throw fault("\"\(text.prefix(20))\" is not a number,") }
        return .double(value)
    }

    private mutating func string() throws(VectorFault) -> String {
        at += 1
        var text: [UInt8] = []
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            guard at < bytes.count else { break }
            let escaped = bytes[at]
            at += 1
            switch escaped {
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "u"): text.append(contentsOf: Array(try unicode().utf8))
            default: text.append(escaped)
            }
        }
        throw fault("a string does not end")
    }

    /// The character of a `\u` escape; a surrogate pair is read as one.
    private mutating func unicode() throws(VectorFault) -> String {
        var units = [try hex4()]
        if units[0] & 0xFC00 == 0xD800, take("\\u") { units.append(try hex4()) }
        return String(decoding: units, as: UTF16.self)
    }

    private mutating func hex4() throws(VectorFault) -> UInt16 {
        guard at + 4 <= bytes.count, let unit = UInt16(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16) else {
            throw fault("four hexadecimal digits are missing")
        }
        at += 4
        return unit
    }
}
