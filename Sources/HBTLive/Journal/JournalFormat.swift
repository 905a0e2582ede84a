import CZlib
import CZstd

/// Bytes of a journal file, little endian.
///
/// Head: `HBTJRNL1`, number of the file in its journal (u32, from 1), CRC-32 of the 12 bytes before it (u32).
/// Then frames: bytes of the entries (u32), bytes of the zstd frame (u32), CRC-32 of those 8 bytes and of the zstd
/// frame (u32), zstd frame. A frame holds whole entries.
enum JournalFormat {
    static let magic: [UInt8] = Array("HBTJRNL1".utf8)
    static let headBytes = 16
    static let frameHeadBytes = 12
    /// A damaged length must not ask for all memory.
    static let mostFrameBytes = 1 << 28

    static func head(number: Int) -> [UInt8] {
        var bytes = magic
        append(UInt32(truncatingIfNeeded: number), to: &bytes)
        append(checksum(bytes), to: &bytes)
        return bytes
    }

    /// The number of a file; nil when its head is not one.
    static func number(ofHead head: [UInt8]) -> Int? {
        guard head.count == headBytes, Array(head[..<8]) == magic, word(head, 12) == checksum(Array(head[..<12])) else { return nil }
        return Int(word(head, 8))
    }

    static func frame(_ entries: [UInt8]) -> [UInt8] {
        let bound = ZSTD_compressBound(entries.count)
        let packed = [UInt8](unsafeUninitializedCapacity: bound) { room, count in
            let size = ZSTD_compress(room.baseAddress, bound, entries, entries.count, 1)
            precondition(ZSTD_isError(size) == 0, "zstd cannot fail with the room that it asks for")
            count = size
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(frameHeadBytes + packed.count)
        append(UInt32(truncatingIfNeeded: entries.count), to: &bytes)
        append(UInt32(truncatingIfNeeded: packed.count), to: &bytes)
        append(checksum(bytes, packed), to: &bytes)
        bytes += packed
        return bytes
    }

    /// The entries of a frame; nil when it is damaged.
    static func entries(head: [UInt8], packed: [UInt8]) -> [UInt8]? {
        guard checksum(Array(head[..<8]), packed) == word(head, 8) else { return nil }
        let count = Int(word(head, 0))
        guard count <= mostFrameBytes else { return nil }
        var size = 0
        let entries = [UInt8](unsafeUninitializedCapacity: count) { room, filled in
            size = ZSTD_decompress(room.baseAddress, count, packed, packed.count)
            filled = ZSTD_isError(size) == 0 ? size : 0
        }
        return ZSTD_isError(size) == 0 && size == count ? entries : nil
    }

    static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
    }

    private static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        for i in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(8 * i))) }
    }

    private static func checksum(_ parts: [UInt8]...) -> UInt32 {
        var crc: uLong = 0
        for part in parts { crc = CZlib.crc32(crc, part, uInt(part.count)) }
        return UInt32(truncatingIfNeeded: crc)
    }
}
