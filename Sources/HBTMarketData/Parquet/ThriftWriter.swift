/// Thrift's compact protocol, as far as a footer needs it.
///
/// Source: apache/thrift, `doc/specs/thrift-compact-protocol.md`.
struct ThriftWriter {
    private(set) var bytes: [UInt8] = []
    /// The last field written in each open structure; ids are stored as differences.
    private var lastIds: [Int] = [0]

    mutating func bool(_ id: Int, _ value: Bool) { field(id, value ? ThriftType.yes : ThriftType.no) }

    mutating func i32(_ id: Int, _ value: Int32) {
        field(id, ThriftType.i32)
        element(Int64(value))
    }

    mutating func i64(_ id: Int, _ value: Int64) {
        field(id, ThriftType.i64)
        element(value)
    }

    mutating func binary(_ id: Int, _ value: [UInt8]) {
        field(id, ThriftType.binary)
        element(value)
    }

    mutating func string(_ id: Int, _ value: String) { binary(id, Array(value.utf8)) }

    mutating func structure(_ id: Int, _ body: (inout ThriftWriter) -> Void) {
        field(id, ThriftType.structure)
        element(body)
    }

    /// `count` calls of `element` must follow.
    mutating func list(_ id: Int, of type: UInt8, count: Int) {
        field(id, ThriftType.list)
        if count < 15 {
            bytes.append(UInt8(count) << 4 | type)
        } else {
            bytes.append(0xF0 | type)
            varint(UInt64(count))
        }
    }

    /// An integer of any width, zigzag: small magnitudes are short.
    mutating func element(_ value: Int64) { varint(UInt64(bitPattern: value << 1 ^ value >> 63)) }

    mutating func element(_ value: [UInt8]) {
        varint(UInt64(value.count))
        bytes += value
    }

    mutating func element(_ body: (inout ThriftWriter) -> Void) {
        lastIds.append(0)
        body(&self)
        stop()
        lastIds.removeLast()
    }

    /// Adds a structure that another writer serialised, its end included.
    mutating func element(serialised: [UInt8]) { bytes += serialised }

    /// Ends the outermost structure.
    mutating func stop() { bytes.append(0) }

    private mutating func field(_ id: Int, _ type: UInt8) {
        let step = id - lastIds[lastIds.count - 1]
        precondition((1...15).contains(step), "fields are written in the order of their ids")
        bytes.append(UInt8(step) << 4 | type)
        lastIds[lastIds.count - 1] = id
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

/// Type codes of the compact protocol.
enum ThriftType {
    static let yes: UInt8 = 1, no: UInt8 = 2, i8: UInt8 = 3, i16: UInt8 = 4, i32: UInt8 = 5, i64: UInt8 = 6, double: UInt8 = 7
    static let binary: UInt8 = 8, list: UInt8 = 9, set: UInt8 = 10, map: UInt8 = 11, structure: UInt8 = 12, uuid: UInt8 = 13
}
