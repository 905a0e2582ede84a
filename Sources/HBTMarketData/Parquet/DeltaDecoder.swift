/// DELTA_BINARY_PACKED: blocks of differences, each at the bit width it needs.
enum DeltaDecoder {
    /// Calls `body` for each of exactly `count` values.
    ///
    /// - Returns: the bytes used.
    static func decode(
        _ bytes: UnsafeRawBufferPointer, count: Int, _ body: (Int64) -> Void
    ) throws(ParquetFault) -> Int {
        var cursor = ByteCursor(bytes)
        let block = try cursor.varint(), miniblocks = try cursor.varint(), total = try cursor.varint()
        guard block > 0, block <= 1 << 24, miniblocks > 0, block % miniblocks == 0, (block / miniblocks) % 32 == 0 else {
            throw .corrupt("delta blocks of impossible size")
        }
        guard total == UInt64(count) else { throw .corrupt("\(total) delta values instead of \(count)") }
        var value = try cursor.zigzag()
        guard count > 0 else { return cursor.position }
        body(value)
        var left = count - 1
        let perMiniblock = Int(block / miniblocks)
        while left > 0 {
            let least = try cursor.zigzag()
            let widths = try cursor.take(Int(miniblocks))
            for width in widths where left > 0 {
                guard width <= 64 else { throw .corrupt("delta values of \(width) bits") }
                let packed = PackedBits(bytes: try cursor.take(perMiniblock / 8 * Int(width)), width: Int(width))
                for index in 0..<min(left, perMiniblock) {
                    // Differences wrap around, as the format demands.
                    value = value &+ least &+ Int64(bitPattern: packed(index))
                    body(value)
                }
                left -= min(left, perMiniblock)
            }
        }
        return cursor.position
    }
}
