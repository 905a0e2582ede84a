/// The rows of one column that wait for their row group.
///
/// Every row has a slot, also a null one (zero, or the empty string), so that a row number finds its value.
final class ParquetColumnBuffer {
    let column: ParquetColumn
    let physical: ParquetFormat.Physical
    /// Bytes of a slot: 1 for bools (one byte each until they are packed), 0 for strings.
    let width: Int
    /// Slots one after the other, or the bytes of all strings.
    let slots = RawBuffer()
    /// For strings alone: the place in `slots` after each row's bytes, as Int64.
    let ends = RawBuffer()
    /// For optional columns alone: one byte a row, 1 for a value.
    let validity = RawBuffer()
    private(set) var count = 0

    /// - Returns: nil for a type that is read but not written.
    init?(_ column: ParquetColumn) {
        switch column.type {
        case .bool: (physical, width) = (.boolean, 1)
        case .int32: (physical, width) = (.int32, 4)
        case .int64, .timestamp: (physical, width) = (.int64, 8)
        case .double: (physical, width) = (.double, 8)
        case .string: (physical, width) = (.byteArray, 0)
        case .uint32, .uint64, .float, .binary, .date, .time: return nil
        }
        self.column = column
    }

    var isText: Bool { width == 0 }
    /// Bytes a row needs before compression, strings' own bytes not counted.
    var bytesPerRow: Int { isText ? 4 : width }

    func append<Value: BitwiseCopyable>(_ values: UnsafeBufferPointer<Value>) {
        slots.append(UnsafeRawBufferPointer(values))
        added(values.count)
    }

    func append<Value: BitwiseCopyable>(_ value: Value) {
        slots.append(value)
        added(1)
    }

    func append(text: String) {
        var text = text
        text.withUTF8 { slots.append(UnsafeRawBufferPointer($0)) }
        ends.append(Int64(slots.count))
        added(1)
    }

    func appendNull() {
        precondition(column.isOptional, "column \(column.name) takes no nulls")
        if isText { ends.append(Int64(slots.count)) } else { slots.append(repeating: 0, count: width) }
        validity.append(UInt8(0))
        count += 1
    }

    private func added(_ rows: Int) {
        if column.isOptional { validity.append(repeating: 1, count: rows) }
        count += rows
    }

    func isNull(_ row: Int) -> Bool { column.isOptional && validity.view[row] == 0 }

    /// Where the bytes of a string are.
    func text(_ row: Int) -> UnsafeRawBufferPointer {
        let ends = ends.values(of: Int64.self)
        return slots.view((row == 0 ? 0 : Int(ends[row - 1]))..<Int(ends[row]))
    }

    /// Bytes of the first `rows` strings.
    func textBytes(_ rows: Int) -> Int { rows == 0 ? 0 : Int(ends.values(of: Int64.self)[rows - 1]) }

    /// Forgets the first rows, which are in the file.
    func removeFirst(_ rows: Int) {
        precondition(rows <= count, "only rows that are there are removed")
        if isText {
            let gone = textBytes(rows)
            ends.removeFirst(rows * 8)
            for index in 0..<count - rows { ends.store(ends.values(of: Int64.self)[index] - Int64(gone), at: index * 8) }
            slots.removeFirst(gone)
        } else {
            slots.removeFirst(rows * width)
        }
        if column.isOptional { validity.removeFirst(rows) }
        count -= rows
    }
}
