extension ParquetColumnBuffer {
    /// The row at which a page that starts at `start` ends: as many rows as `bytes` hold, at least one.
    func pageEnd(from start: Int, limit: Int, bytes: Int) -> Int {
        guard isText else {
            return start + min(limit - start, physical == .boolean ? bytes : bytes / width)
        }
        var end = start, used = 0
        while end < limit {
            used += 4 + text(end).count
            if used > bytes && end > start { break }
            end += 1
        }
        return end
    }
}

extension RawBuffer {
    /// Appends the values of `rows` that are not null, PLAIN.
    func appendPlain(_ buffer: ParquetColumnBuffer, rows: Range<Int>) {
        switch buffer.physical {
        case .boolean: appendBits(buffer, rows)
        case .byteArray:
            for row in rows where !buffer.isNull(row) {
                let text = buffer.text(row)
                append(UInt32(truncatingIfNeeded: text.count))
                append(text)
            }
        default:
            let width = buffer.width
            guard buffer.column.isOptional else { return append(buffer.slots.view(rows.lowerBound * width..<rows.upperBound * width)) }
            // Runs of values are copied at once.
            let validity = buffer.validity.view
            var row = rows.lowerBound
            while row < rows.upperBound {
                let start = row
                while row < rows.upperBound, validity[row] != 0 { row += 1 }
                append(buffer.slots.view(start * width..<row * width))
                while row < rows.upperBound, validity[row] == 0 { row += 1 }
            }
        }
    }

    private func appendBits(_ buffer: ParquetColumnBuffer, _ rows: Range<Int>) {
        let values = buffer.slots.view
        var byte: UInt8 = 0, bit: UInt8 = 0
        for row in rows where !buffer.isNull(row) {
            byte |= values[row] << bit
            bit += 1
            if bit == 8 {
                append(byte)
                (byte, bit) = (0, 0)
            }
        }
        if bit > 0 { append(byte) }
    }
}
