/// Parameters of a request in their order: a query string, or a form body.
public struct QueryString: Equatable, Sendable {
    public private(set) var items: [(name: String, value: String)] = []

    public init() {}

    public init(_ items: [(name: String, value: String)]) { self.items = items }

    /// Takes `a=b&c=d` apart; percent escapes and plus signs are undone.
    ///
    /// - Throws: for an escape that is none and for bytes that are no UTF-8.
    public init(parsing text: some StringProtocol) throws(WireFault) {
        for part in text.utf8.split(separator: UInt8(ascii: "&")) {
            let cut = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            let rest = cut == part.endIndex ? part[part.endIndex...] : part[part.index(after: cut)...]
            items.append((try Self.decoded(Array(part[..<cut])), try Self.decoded(Array(rest))))
        }
    }

    public static func == (a: QueryString, b: QueryString) -> Bool {
        a.items.count == b.items.count && zip(a.items, b.items).allSatisfy { $0.name == $1.name && $0.value == $1.value }
    }

    /// The first value of that name.
    public subscript(name: String) -> String? { items.first { $0.name == name }?.value }

    public mutating func append(_ name: String, _ value: String) { items.append((name, value)) }
    public mutating func append(contentsOf other: QueryString) { items += other.items }

    /// `a=b&c=d`, escaped; the text that is signed.
    public var text: String {
        items.map { Self.encoded($0.name) + "=" + Self.encoded($0.value) }.joined(separator: "&")
    }

    /// Everything but letters, digits and `-_.~` as percent escapes (RFC 3986).
    public static func encoded(_ text: String) -> String {
        var out: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
                out.append(byte)
            default:
                out.append(UInt8(ascii: "%"))
                out.append(hex[Int(byte >> 4)])
                out.append(hex[Int(byte & 15)])
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static let hex = Array("0123456789ABCDEF".utf8)

    private static func decoded(_ bytes: [UInt8]) throws(WireFault) -> String {
        var out: [UInt8] = []
        var i = 0
        while i < bytes.count {
            switch bytes[i] {
            case UInt8(ascii: "+"): out.append(0x20)
            case UInt8(ascii: "%"):
                guard i + 2 < bytes.count, let high = WireScanner.hexDigit(bytes[i + 1]), let low = WireScanner.hexDigit(bytes[i + 2]) else {
                    throw WireFault("a bad percent escape in a query string", offset: i)
                }
                out.append(UInt8(truncatingIfNeeded: high << 4 | low))
                i += 2
            default: out.append(bytes[i])
            }
            i += 1
        }
        guard let text = String(validating: out, as: UTF8.self) else { throw WireFault("a query string that is no UTF-8") }
        return text
    }
}
