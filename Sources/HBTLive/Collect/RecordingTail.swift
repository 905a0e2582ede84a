import CZlib
import CZstd
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How much of a recording is whole: a machine that lost its power leaves a piece cut short at the end.
enum RecordingTail {
    /// Length of the pieces that are whole, from the start of the open file.
    ///
    /// - Throws: `JournalError` when the file cannot be read, or is no recording of this kind from its first byte.
    static func wholeBytes(_ descriptor: Int32, _ path: String, _ codec: RecordingCodec) throws(JournalError) -> Int64 {
        let length = Int64(lseek(descriptor, 0, SEEK_END))
        guard length > 0 else { return 0 }
        guard let map = mmap(nil, Int(length), PROT_READ, MAP_PRIVATE, descriptor, 0), map != MAP_FAILED else {
            throw JournalError("\(path): \(systemError())")
        }
        defer { munmap(map, Int(length)) }
        let bytes = UnsafeRawBufferPointer(start: map, count: Int(length))
        let whole = codec == .gzip ? members(bytes) : frames(bytes)
        let magic: [UInt8] = codec == .gzip ? [0x1F, 0x8B] : [0x28, 0xB5, 0x2F, 0xFD]
        guard whole > 0 || bytes.prefix(magic.count).elementsEqual(magic.prefix(bytes.count)) else {
            throw JournalError("\(path): there is a file of another kind at this name; move it away, or record to another folder")
        }
        return Int64(whole)
    }

    private static func frames(_ bytes: UnsafeRawBufferPointer) -> Int {
        var whole = 0
        while whole < bytes.count, let base = bytes.baseAddress {
            let size = ZSTD_findFrameCompressedSize(base + whole, bytes.count - whole)
            guard ZSTD_isError(size) == 0, size > 0 else { break }
            whole += size
        }
        return whole
    }

    private static func members(_ bytes: UnsafeRawBufferPointer) -> Int {
        var stream = z_stream()
        guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return 0 }
        defer { inflateEnd(&stream) }
        let room = UnsafeMutablePointer<UInt8>.allocate(capacity: 1 << 16)
        defer { room.deallocate() }
        var at = 0, whole = 0
        while at < bytes.count, let base = bytes.baseAddress {
            let given = min(bytes.count - at, 1 << 24)
            stream.next_in = UnsafeMutablePointer(mutating: base.assumingMemoryBound(to: UInt8.self) + at)
            stream.avail_in = UInt32(given)
            stream.next_out = room
            stream.avail_out = 1 << 16
            let code = inflate(&stream, Z_NO_FLUSH)
            at += given - Int(stream.avail_in)
            if code == Z_STREAM_END {
                whole = at
                guard inflateReset(&stream) == Z_OK else { break }
            } else if code != Z_OK {
                break
            }
        }
        return whole
    }
}
