/// Where the parts of a segment are put together: buffers that are kept from segment to segment, because
/// fresh memory of this size comes page by page from the system.
struct TapeAssembly {
    private var buffers: [UnsafeMutableRawBufferPointer] = []
    private var used = 0

    func deallocate() { for buffer in buffers { buffer.deallocate() } }

    /// The parts made so far are no longer needed.
    mutating func removeAll() { used = 0 }

    /// A part: `head` and zeros up to `TapeLayout.headWords`, then the columns, each padded with zeros.
    /// Valid until `removeAll`.
    mutating func part(_ head: [Int64], _ columns: [UnsafeRawBufferPointer]) -> UnsafeRawBufferPointer {
        let headBytes = TapeLayout.headWords * 8
        let size = columns.reduce(headBytes) { $0 + TapeLayout.padded($1.count) }
        if used == buffers.count { buffers.append(.allocate(byteCount: 0, alignment: 64)) }
        if buffers[used].count < size {
            buffers[used].deallocate()
            // Segments are alike: some room more spares most of the next ones a new one.
            buffers[used] = .allocate(byteCount: TapeLayout.padded(size + size / 4), alignment: 64)
        }
        let buffer = UnsafeMutableRawBufferPointer(rebasing: buffers[used][..<size])
        used += 1
        for i in 0..<TapeLayout.headWords { buffer.storeBytes(of: i < head.count ? head[i] : 0, toByteOffset: i * 8, as: Int64.self) }
        var offset = headBytes
        for column in columns {
            UnsafeMutableRawBufferPointer(rebasing: buffer[offset..<(offset + column.count)]).copyMemory(from: column)
            let end = offset + TapeLayout.padded(column.count)
            for i in (offset + column.count)..<end { buffer[i] = 0 }
            offset = end
        }
        return UnsafeRawBufferPointer(buffer)
    }
}
