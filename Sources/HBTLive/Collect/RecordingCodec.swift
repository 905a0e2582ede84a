import CZlib
import CZstd

/// How a recording is packed: in pieces that are whole by themselves (gzip members, zstd frames), so that a file is
/// readable up to its last piece at any moment. Readers of either format take pieces behind each other for one text.
public enum RecordingCodec: String, Sendable, CaseIterable {
    case gzip, zstd

    public var suffix: String { self == .gzip ? ".gz" : ".zst" }

    /// `text` as one piece.
    func pack(_ text: [UInt8]) -> [UInt8] {
        switch self {
        case .gzip: Self.member(text)
        case .zstd: Self.frame(text)
        }
    }

    private static func member(_ text: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        // 15 bits of window plus 16: gzip framing, with no time in it.
        let started = deflateInit2_(
            &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(started == Z_OK, "zlib cannot start: out of memory")
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(text.count)))
        return [UInt8](unsafeUninitializedCapacity: bound) { room, count in
            text.withUnsafeBufferPointer { bytes in
                // zlib does not write to what it reads; its interface is older than const.
                stream.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
                stream.avail_in = UInt32(truncatingIfNeeded: bytes.count)
                stream.next_out = room.baseAddress
                stream.avail_out = UInt32(truncatingIfNeeded: bound)
                let ended = deflate(&stream, Z_FINISH)
                precondition(ended == Z_STREAM_END, "deflate ends with the room that it asks for")
            }
            count = bound - Int(stream.avail_out)
        }
    }

    private static func frame(_ text: [UInt8]) -> [UInt8] {
        let bound = ZSTD_compressBound(text.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { room, count in
            let size = ZSTD_compress(room.baseAddress, bound, text, text.count, 3)
            precondition(ZSTD_isError(size) == 0, "zstd cannot fail with the room that it asks for")
            count = size
        }
    }
}
