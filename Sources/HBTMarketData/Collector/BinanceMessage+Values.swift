/// Reading the remembered fields.
extension BinanceMessage {
    /// True when the string at `value` is exactly `word`.
    func isString(_ value: Value?, _ word: StaticString) -> Bool {
        guard let value, value.pointee == UInt8(ascii: "\"") else { return false }
        let count = word.utf8CodeUnitCount
        for i in 0..<count where value[i + 1] != word.utf8Start[i] { return false }
        return value[count + 1] == UInt8(ascii: "\"")
    }

    /// A string for a message to the user: cut at 80 bytes, control characters cannot be in it.
    func text(_ value: Value?) -> String {
        guard let value else { return "" }
        var end = value + (value.pointee == UInt8(ascii: "\"") ? 1 : 0)
        let start = end
        while end - start < 80, end.pointee >= 0x20, end.pointee != UInt8(ascii: "\""), end.pointee != UInt8(ascii: ",") || start != value,
            end.pointee != UInt8(ascii: "}") || start != value
        { end += 1 }
        return String(decoding: UnsafeBufferPointer(start: start, count: end - start), as: UTF8.self)
    }

    func integer(_ value: Value?, _ name: StaticString) throws(ScanFault) -> Int64 {
        guard let value else { throw .missingField(name) }
        guard let number = ByteScanner(p: value).integer() else { throw .badField(name) }
        return number
    }

    func decimal(_ value: Value?, _ name: StaticString) throws(ScanFault) -> Double {
        guard let value else { throw .missingField(name) }
        var scanner = ByteScanner(p: value)
        do throws(ScanFault) { return try scanner.decimal(powers: powers) } catch { throw .badField(name) }
    }

    func bool(_ value: Value?, _ name: StaticString) throws(ScanFault) -> Bool {
        guard let value else { throw .missingField(name) }
        switch value.pointee {
        case UInt8(ascii: "t"): return true
        case UInt8(ascii: "f"): return false
        default: throw .badField(name)
        }
    }

    /// A time field in milliseconds, as nanoseconds.
    func timeNs(_ value: Value?, _ name: StaticString) throws(ScanFault) -> Int64 {
        let ms = try integer(value, name)
        let (ns, overflow) = ms.multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { throw .timeOutOfRange(name) }
        return ns
    }
}
