extension NpyHeader {
    /// The bytes numpy writes for an array of `rows` rows, version 1.0.
    ///
    /// Their number does not depend on `rows`: numpy leaves room for a length of 21 digits so that
    /// headers can be rewritten in place when an array has grown. Writers that learn the number of
    /// rows last rely on it.
    static func bytes<Row: NpyRow>(for _: Row.Type, rows: Int64) -> [UInt8] { bytes(for: Row.npyFields, rows: rows) }

    /// - Precondition: the names need no escapes in Python, and together fit a header of version 1.0.
    static func bytes(for fields: [NpyField], rows: Int64) -> [UInt8] {
        precondition(rows >= 0, "an array has no negative length")
        let fields = fields.map { "('\($0.name)', '\($0.type)')" }.joined(separator: ", ")
        var text = "{'descr': [\(fields)], 'fortran_order': False, 'shape': (\(rows),), }"
        text += String(repeating: " ", count: 21 - String(rows).count)
        // Preamble of 10 bytes and a line feed; the array starts at a multiple of 64.
        let padding = (64 - (10 + text.utf8.count + 1) % 64) % 64
        text += String(repeating: " ", count: padding) + "\n"
        var result = magic + [1, 0]
        result.append16(UInt16(text.utf8.count))
        result += text.utf8
        return result
    }
}
