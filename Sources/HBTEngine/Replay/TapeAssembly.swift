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
        let (part, places) = emptyPart(head, sizes: columns.map(\.count))
        for (column, place) in zip(columns, places) {
            UnsafeMutableRawBufferPointer(rebasing: part[place..<(place + column.count)]).copyMemory(from: column)
        }
        return UnsafeRawBufferPointer(part)
    }

    /// A part whose columns, of `sizes` bytes, are still to be filled in.
    ///
    /// - Returns: the part, and where each column begins in it.
    mutating func emptyPart(_ head: [Int64], sizes: [Int]) -> (part: UnsafeMutableRawBufferPointer, places: [Int]) {
        let headBytes = TapeLayout.headWords * 8
        let size = sizes.reduce(headBytes) { $0 + TapeLayout.padded($1) }
        if used == buffers.count { buffers.append(.allocate(byteCount: 0, alignment: 64)) }
        if buffers[used].count < size {
            buffers[used].deallocate()
            // Segments are alike: some room more spares most of the next ones a new one.
            buffers[used] = .allocate(byteCount: TapeLayout.padded(size + size / 4), alignment: 64)
        }
        let buffer = UnsafeMutableRawBufferPointer(rebasing: buffers[used][..<size])
        used += 1
        for i in 0..<TapeLayout.headWords { buffer.storeBytes(of: i < head.count ? head[i] : 0, toByteOffset: i * 8, as: Int64.self) }
        var places: [Int] = []
        var offset = headBytes
        for size in sizes {
            places.append(offset)
            let end = offset + TapeLayout.padded(size)
            for i in (offset + size)..<end { buffer[i] = 0 }
            offset = end
        }
        return (buffer, places)
    }
}
