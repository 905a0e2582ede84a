/// The distinct values of one column of one row group, in the order in which they first appear.
///
/// A hash table with open addressing; its hash is ours, so that nothing depends on the process.
struct ParquetDictionary {
    /// Row of the first appearance of each distinct value.
    private(set) var firstRows: [Int] = []
    /// For each value that is not null, its number in `firstRows`.
    private(set) var indices: [UInt32] = []
    /// For each row, how many values are before it; empty when no row is null.
    private(set) var valuesBefore: [Int] = []

    /// More distinct values than this have no dictionary.
    static let largest = 1 << 16

    /// - Returns: nil when a dictionary would save less than a quarter of the bytes.
    init?(of buffer: ParquetColumnBuffer, rows: Int) {
        switch buffer.physical {
        case .int32:
            let values = buffer.slots.values(of: UInt32.self)
            guard build(buffer, rows, share: 8, hash: { UInt64(values[$0]) }, isEqual: { values[$0] == values[$1] }) else { return nil }
        case .int64, .double:
            // Doubles by their bits: a dictionary must not merge zeros or NaNs.
            let values = buffer.slots.values(of: UInt64.self)
            guard build(buffer, rows, share: 8, hash: { values[$0] }, isEqual: { values[$0] == values[$1] }) else { return nil }
        case .byteArray:
            let isBuilt = build(
                buffer, rows, share: 2, hash: { Self.hash(buffer.text($0)) },
                isEqual: { buffer.text($0).elementsEqual(buffer.text($1)) })
            guard isBuilt else { return nil }
        default: return nil
        }
        guard pays(buffer, rows) else { return nil }
    }

    /// Fails when there are more distinct values than one in `share` rows.
    private mutating func build(
        _ buffer: ParquetColumnBuffer, _ rows: Int, share: Int, hash: (Int) -> UInt64, isEqual: (Int, Int) -> Bool
    ) -> Bool {
        let limit = min(Self.largest, rows / share)
        let tableBits = RunLengthEncoder.bitWidth(max(limit * 2, 1))
        // Number of the distinct value plus one; 0 is a free place. At most half of the places are taken.
        var table = [UInt32](repeating: 0, count: 1 << tableBits)
        let hasNulls = buffer.column.isOptional && buffer.validity.view(0..<rows).contains(0)
        indices.reserveCapacity(rows)
        for row in 0..<rows {
            if hasNulls {
                valuesBefore.append(indices.count)
                if buffer.isNull(row) { continue }
            }
            var place = Int(truncatingIfNeeded: (hash(row) &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - tableBits))
            while table[place] != 0, !isEqual(firstRows[Int(table[place]) - 1], row) { place = (place + 1) & (table.count - 1) }
            if table[place] == 0 {
                guard firstRows.count < limit else { return false }
                firstRows.append(row)
                table[place] = UInt32(firstRows.count)
            }
            indices.append(table[place] - 1)
        }
        return !firstRows.isEmpty
    }

    private func pays(_ buffer: ParquetColumnBuffer, _ rows: Int) -> Bool {
        let plain = indices.count * buffer.bytesPerRow + (buffer.isText ? buffer.textBytes(rows) : 0)
        let distinct = firstRows.reduce(0) { $0 + buffer.bytesPerRow + (buffer.isText ? buffer.text($1).count : 0) }
        return distinct + indices.count * bitWidth / 8 < plain / 4 * 3
    }

    var bitWidth: Int { RunLengthEncoder.bitWidth(firstRows.count - 1) }

    /// FNV-1a.
    private static func hash(_ text: UnsafeRawBufferPointer) -> UInt64 {
        text.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
