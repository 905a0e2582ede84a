extension JSONValue {
    /// Reads a whole message.
    ///
    /// - Throws: `WireFault` for anything that is not one JSON value, for two members of one name, and for
    ///   more than 32 levels of nesting.
    public static func parse(_ message: UnsafeRawBufferPointer) throws(WireFault) -> JSONValue {
        var bytes = PaddedBytes(capacity: message.count)
        do throws(WireReason) { try bytes.load(message) } catch { throw WireFault(error, offset: 0) }
        let start = UnsafePointer(bytes.start)
        var scanner = WireScanner(p: start)
        do throws(WireReason) {
            scanner.skipSpace()
            let value = try scanner.value(depth: 0)
            scanner.skipSpace()
            guard scanner.p == start + message.count else { throw WireReason.trailingBytes }
            return value
        } catch {
            throw WireFault(error, offset: scanner.p - start)
        }
    }

    public static func parse(_ message: [UInt8]) throws(WireFault) -> JSONValue {
        // `withUnsafeBytes` of an array rethrows untyped.
        let result = message.withUnsafeBytes { bytes in Result { () throws(WireFault) in try parse(bytes) } }
        return try result.get()
    }

    public static func parse(_ text: String) throws(WireFault) -> JSONValue { try parse(Array(text.utf8)) }
}

extension WireScanner {
    fileprivate mutating func value(depth: Int) throws(WireReason) -> JSONValue {
        let start = p
        switch p.pointee {
        case UInt8(ascii: "\""): return .string(try text())
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "t"):
            try skipWord("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try skipWord("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try skipWord("null")
            return .null
        case UInt8(ascii: "-"), 0x30...0x39:
            try skipNumber()
            return .number(String(decoding: UnsafeBufferPointer(start: start, count: p - start), as: UTF8.self))
        default: throw .badLiteral
        }
    }

    private mutating func array(depth: Int) throws(WireReason) -> JSONValue {
        guard depth <= Self.maximumDepth else { throw .tooDeep }
        p += 1
        var elements: [JSONValue] = []
        if accept(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            skipSpace()
            elements.append(try value(depth: depth))
        } while accept(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"), ", or ]")
        return .array(elements)
    }

    private mutating func object(depth: Int) throws(WireReason) -> JSONValue {
        guard depth <= Self.maximumDepth else { throw .tooDeep }
        p += 1
        var members: [JSONValue.Member] = []
        if accept(UInt8(ascii: "}")) { return .object(members) }
        // Objects of the venue are small; a hostile one must not cost the square of its size.
        var names = Set<String>()
        repeat {
            skipSpace()
            guard p.pointee == UInt8(ascii: "\"") else { throw .expected("a field name in quotes") }
            let name = try text()
            guard names.insert(name).inserted else { throw .duplicateField("of an object") }
            skipSpace()
            try expect(UInt8(ascii: ":"), ":")
            skipSpace()
            members.append(.init(name: name, value: try value(depth: depth)))
        } while accept(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"), ", or }")
        return .object(members)
    }

    private mutating func text() throws(WireReason) -> String {
        let start = p
        try skipString()
        let raw = UnsafeBufferPointer(start: start + 1, count: p - start - 2)
        guard raw.contains(UInt8(ascii: "\\")) else {
            guard let text = String(validating: raw, as: UTF8.self) else { throw .badText }
            return text
        }
        return try Self.unescape(raw)
    }

    /// The escapes have been checked by `skipString`.
    private static func unescape(_ raw: UnsafeBufferPointer<UInt8>) throws(WireReason) -> String {
        var out: [UInt8] = []
        var units: [UInt16] = []
        func flush() throws(WireReason) {
            guard !units.isEmpty else { return }
            guard let text = String(validating: units, as: UTF16.self) else { throw .badText }
            out += Array(text.utf8)
            units.removeAll()
        }
        var i = 0
        while i < raw.count {
            guard raw[i] == UInt8(ascii: "\\") else {
                try flush()
                out.append(raw[i])
                i += 1
                continue
            }
            if raw[i + 1] == UInt8(ascii: "u") {
                var unit: UInt32 = 0
                for k in 2..<6 { unit = unit << 4 | (hexDigit(raw[i + k]) ?? 0) }
                units.append(UInt16(truncatingIfNeeded: unit))
                i += 6
                continue
            }
            try flush()
            switch raw[i + 1] {
            case UInt8(ascii: "n"): out.append(0x0A)
            case UInt8(ascii: "r"): out.append(0x0D)
            case UInt8(ascii: "t"): out.append(0x09)
            case UInt8(ascii: "b"): out.append(0x08)
            case UInt8(ascii: "f"): out.append(0x0C)
            default: out.append(raw[i + 1])
            }
            i += 2
        }
        try flush()
        guard let text = String(validating: out, as: UTF8.self) else { throw .badText }
        return text
    }
}
