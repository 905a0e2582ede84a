#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The text of a gzip file of one member that is small enough to be inflated at once, which libdeflate
/// does in half the time.
struct GzipWhole {
    /// Followed by `ByteScanner.slack` zeros; whoever takes it deallocates it.
    let text: UnsafeMutablePointer<UInt8>
    let count: Int

    /// Nil where there is no libdeflate, where the file is larger or otherwise made, or when anything is wrong
    /// with it: zlib then does it again, and words the error.
    init?(path: String) {
        guard let library = LibDeflate.shared, let file = try? InputFile(path: path), file.size >= 18, file.size <= ZipMemberStream.wholeBytes,
            let head = try? file.bytes(at: 0, count: 18), head.withUnsafeBytes({ Self.isGzip($0) }), let packed = try? file.bytes(at: 0, count: Int(file.size))
        else { return nil }
        let made: (UnsafeMutablePointer<UInt8>, Int)? = packed.withUnsafeBytes { packed in
            // The last eight bytes: checksum and length (modulo 2³²) of the text.
            let end = packed.count - 8
            let checksum = UInt32(littleEndian: packed.loadUnaligned(fromByteOffset: end, as: UInt32.self))
            let length = Int(UInt32(littleEndian: packed.loadUnaligned(fromByteOffset: end + 4, as: UInt32.self)))
            guard let start = Self.dataStart(packed), start < end, length > 0, Int64(length) <= ZipMemberStream.wholeBytes else { return nil }
            let text = UnsafeMutablePointer<UInt8>.allocate(capacity: length + ByteScanner.slack)
            LargePages.advise(text, bytes: length)
            (text + length).initialize(repeating: 0, count: ByteScanner.slack)
            let target = UnsafeMutableRawBufferPointer(start: text, count: length)
            guard library.inflate(UnsafeRawBufferPointer(rebasing: packed[start..<end]), into: target),
                library.crc32(0, UnsafeRawBufferPointer(target)) == checksum
            else {
                text.deallocate()
                return nil
            }
            return (text, length)
        }
        guard let made else { return nil }
        (text, count) = made
    }

    /// Deflated, without a checksum of the header and flags of the future.
    private static func isGzip(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes[0] == 0x1F && bytes[1] == 0x8B && bytes[2] == 8 && bytes[3] & 0xE2 == 0 }

    /// Length of the header (RFC 1952); nil where it has another form.
    private static func dataStart(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard isGzip(bytes) else { return nil }
        var place = 10
        if bytes[3] & 4 != 0 { place += 2 + Int(bytes[10]) + Int(bytes[11]) << 8 }
        // Name and comment end with a zero.
        for flag in [UInt8(8), 16] where bytes[3] & flag != 0 {
            guard place < bytes.count, let end = bytes[place...].firstIndex(of: 0) else { return nil }
            place = end + 1
        }
        return place
    }
}
