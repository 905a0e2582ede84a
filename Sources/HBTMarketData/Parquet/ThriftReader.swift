/// Thrift's compact protocol of untrusted bytes; the twin of `ThriftWriter`.
struct ThriftReader {
    struct Field {
        let id: Int
        let type: UInt8
    }

    private(set) var cursor: ByteCursor
    private var depth = 0
    /// Deeper nesting than any structure of the format has.
    private static let deepest = 24

    init(_ bytes: UnsafeRawBufferPointer) { cursor = ByteCursor(bytes) }

    /// Reads a structure: `visit` takes the value of each field, or skips it.
    mutating func structure(_ visit: (inout ThriftReader, Field) throws(ParquetFault) -> Void) throws(ParquetFault) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw .corrupt("structures nested too deeply") }
        var id = 0
        while true {
            let head = try cursor.byte()
            if head == 0 { return }
            if head >> 4 == 0 { id = Int(Int16(truncatingIfNeeded: try cursor.zigzag())) } else { id &+= Int(head >> 4) }
            try visit(&self, Field(id: id, type: head & 0x0F))
        }
    }

    /// A structure that is the value of a field.
    mutating func structure(
        _ field: Field, _ visit: (inout ThriftReader, Field) throws(ParquetFault) -> Void
    ) throws(ParquetFault) {
        try expect(field, ThriftType.structure)
        try structure(visit)
    }

    mutating func bool(_ field: Field) throws(ParquetFault) -> Bool {
        guard field.type == ThriftType.yes || field.type == ThriftType.no else { throw wrongType(field) }
        return field.type == ThriftType.yes
    }

    /// An 8-bit integer; the only width that is not zigzag.
    mutating func i8(_ field: Field) throws(ParquetFault) -> Int8 {
        try expect(field, ThriftType.i8)
        return Int8(bitPattern: try cursor.byte())
    }

    mutating func i32(_ field: Field) throws(ParquetFault) -> Int32 {
        try expect(field, ThriftType.i32)
        guard let value = Int32(exactly: try cursor.zigzag()) else { throw .corrupt("a number of more than 32 bits") }
        return value
    }

    mutating func i64(_ field: Field) throws(ParquetFault) -> Int64 {
        try expect(field, ThriftType.i64)
        return try cursor.zigzag()
    }

    mutating func string(_ field: Field) throws(ParquetFault) -> String {
        try expect(field, ThriftType.binary)
        return try string()
    }

    /// An element of a list of strings. Names are shown to people: what is no UTF-8 is replaced.
    mutating func string() throws(ParquetFault) -> String {
        String(decoding: try cursor.take(try length()), as: UTF8.self)
    }

    /// Calls `element` for each element of a list of `type`.
    mutating func list(
        _ field: Field, of type: UInt8, _ element: (inout ThriftReader) throws(ParquetFault) -> Void
    ) throws(ParquetFault) {
        try expect(field, ThriftType.list)
        let (found, count) = try listHead()
        guard found == type || count == 0 else { throw wrongType(field) }
        for _ in 0..<count { try element(&self) }
    }

    mutating func skip(_ field: Field) throws(ParquetFault) {
        if field.type != ThriftType.yes && field.type != ThriftType.no { try skip(type: field.type) }
    }

    private mutating func skip(type: UInt8) throws(ParquetFault) {
        switch type {
        // As an element of a list a bool has a byte of its own.
        case ThriftType.yes, ThriftType.no, ThriftType.i8: _ = try cursor.byte()
        case ThriftType.i16, ThriftType.i32, ThriftType.i64: _ = try cursor.varint()
        case ThriftType.double: _ = try cursor.take(8)
        case ThriftType.uuid: _ = try cursor.take(16)
        case ThriftType.binary: _ = try cursor.take(try length())
        case ThriftType.structure:
            try structure { (reader, field) throws(ParquetFault) in try reader.skip(field) }
        case ThriftType.list, ThriftType.set:
            depth += 1
            defer { depth -= 1 }
            guard depth <= Self.deepest else { throw .corrupt("lists nested too deeply") }
            let (element, count) = try listHead()
            for _ in 0..<count { try skip(type: element) }
        // The format has no maps.
        default: throw .corrupt("a field of unknown type \(type)")
        }
    }

    private mutating func listHead() throws(ParquetFault) -> (type: UInt8, count: Int) {
        let head = try cursor.byte()
        let count = head >> 4 == 15 ? try length() : Int(head >> 4)
        // An element has at least one byte.
        guard count <= cursor.remaining else { throw .ended }
        return (head & 0x0F, count)
    }

    private mutating func length() throws(ParquetFault) -> Int {
        guard let length = Int(exactly: try cursor.varint()) else { throw .ended }
        return length
    }

    private func expect(_ field: Field, _ type: UInt8) throws(ParquetFault) {
        guard field.type == type else { throw wrongType(field) }
    }

    private func wrongType(_ field: Field) -> ParquetFault { .corrupt("field \(field.id) of the wrong type \(field.type)") }
}
