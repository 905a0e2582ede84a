extension MarketDataError: CustomStringConvertible {
    /// One line: file, place in it, what is wrong, what to do.
    public var description: String {
        var place = path
        if let line { place += ":\(line)" }
        if let row { place += place.isEmpty ? "row \(Self.grouped(Int64(row)))" : ": row \(Self.grouped(Int64(row)))" }
        return place.isEmpty ? sentence : "\(place): \(sentence)"
    }

    private var sentence: String {
        let subject = member.map { "member \($0)" } ?? "the file"
        let within = member.map { "member \($0): " } ?? ""
        switch reason {
        case .cannotOpen(let why): return "\(within)cannot be opened: \(why)"
        case .cannotRead(let why): return "\(within)cannot be read: \(why)"
        case .cannotWrite(let why): return "\(within)cannot be written: \(why)"
        case .notThisFormat(let expected): return "\(subject) is not \(expected); check the name or convert it first"
        case .wrongDtype(let found, let expected): return "\(subject) holds \(found), expected \(expected)"
        case .wrongShape(let found, let expected): return "\(subject) has \(found), expected \(expected)"
        case .truncated(let expected, let found):
            return "\(subject) is truncated: \(Self.grouped(expected)) bytes expected, \(Self.grouped(found)) found; "
                + "copy the file again"
        case .badChecksum(let expected, let found):
            return "\(subject) is damaged: CRC-32 \(Self.hex(expected)) expected, \(Self.hex(found)) found; "
                + "copy the file again"
        case .trailingData(let bytes):
            return "\(subject) has \(Self.grouped(bytes)) bytes after its end; copy or convert the file again"
        case .missingMember(let name, let found):
            let list = found.isEmpty ? "the archive is empty" : "found " + found.joined(separator: ", ")
            return "no member \(name); \(list)"
        case .unsupported(let what): return "\(within)unsupported \(what)"
        case .corrupt(let how): return "\(subject) is damaged: \(how)"
        case .empty: return "\(subject) has no rows"
        case .timeWentBackwards(let clock, let previous, let current):
            return "\(within)\(clock) went backwards from \(previous) to \(current); sort or convert the data again"
        case .invalid(let what): return within + what
        }
    }

    /// 64000 → `64,000`.
    static func grouped(_ value: Int64) -> String {
        var digits = String(value.magnitude)
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
            place -= 3
        }
        return value < 0 ? "-" + digits : digits
    }

    static func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}
