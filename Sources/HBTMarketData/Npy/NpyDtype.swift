/// What a row of an array is made of, as its header says.
struct NpyDtype: Equatable {
    var fields: [NpyField]
    /// Offsets and row size when the header gives them (the dictionary form); nil when fields simply follow each other.
    var layout: Layout?

    struct Layout: Equatable {
        var offsets: [Int64]
        var itemSize: Int64
    }

    init(fields: [NpyField]) { self.fields = fields }

    /// Reads `descr`: a list of (name, type), the dictionary form that numpy uses when offsets need
    /// saying, or a bare type string, which becomes one nameless field. Nil when it is none of these.
    init?(descr: PythonLiteral) {
        switch descr {
        case .text(let type):
            fields = [NpyField("", type)]
        case .list(let items):
            fields = []
            for item in items {
                guard case .tuple(let parts) = item, parts.count == 2 || parts.count == 3 else { return nil }
                let shape = parts.count == 3 ? Self.described(parts[2]) : ""
                fields.append(NpyField(Self.name(parts[0]), Self.described(parts[1]) + shape))
            }
        case .dictionary:
            guard case .list(let names)? = descr["names"], case .list(let formats)? = descr["formats"],
                names.count == formats.count
            else { return nil }
            fields = zip(names, formats).map { NpyField(Self.name($0), Self.described($1)) }
            if let offsets = descr["offsets"] {
                guard case .list(let list) = offsets, list.count == names.count,
                    case .number(let itemSize)? = descr["itemsize"]
                else { return nil }
                var numbers: [Int64] = []
                for offset in list {
                    guard case .number(let number) = offset else { return nil }
                    numbers.append(number)
                }
                layout = Layout(offsets: numbers, itemSize: itemSize)
            }
        default:
            return nil
        }
    }

    /// Whether rows have exactly the bytes of `Row`; names do not matter.
    func matches<Row: NpyRow>(_: Row.Type) -> Bool {
        guard fields.map(\.type) == Row.npyFields.map(\.type) else { return false }
        guard let layout else { return true }
        // Every field of a row type has 8 bytes.
        return layout.offsets == fields.indices.map { Int64($0) * 8 } && layout.itemSize == Int64(Row.rowBytes)
    }

    /// `ev <u8, exch_ts <i8, …`, for messages.
    var summary: String {
        guard !fields.isEmpty else { return "rows without fields" }
        var text = fields.prefix(16).map { $0.name.isEmpty ? $0.type : "\($0.name) \($0.type)" }.joined(separator: ", ")
        if fields.count > 16 { text += ", … (\(fields.count) fields)" }
        if let layout { text += " at offsets \(layout.offsets.prefix(16)) of \(layout.itemSize) bytes" }
        return text.count > 400 ? text.prefix(400) + "…" : text
    }

    private static func name(_ literal: PythonLiteral) -> String {
        switch literal {
        case .text(let name): return name
        // (title, name)
        case .tuple(let parts): return parts.last.map { name($0) } ?? ""
        default: return described(literal)
        }
    }

    /// Types may nest; anything but a string is only ever shown in a message.
    private static func described(_ literal: PythonLiteral) -> String {
        switch literal {
        case .text(let text): return text
        case .number(let number): return String(number)
        case .truth(let truth): return truth ? "True" : "False"
        case .none: return "None"
        case .list(let items): return "[" + items.map(described).joined(separator: ", ") + "]"
        case .tuple(let items): return "(" + items.map(described).joined(separator: ", ") + ")"
        case .dictionary(let entries):
            return "{" + entries.map { described($0.key) + ": " + described($0.value) }.joined(separator: ", ") + "}"
        }
    }
}
