import CZlib

/// Deflate decompression in caller-owned buffers; the only place that knows which library does it.
final class Inflater {
    enum Format {
        /// Bare deflate, as in zip members.
        case raw
        /// With gzip's header and checksum.
        case gzip
    }

    enum Outcome: Equatable {
        case needsMore
        /// The end of the compressed data was read.
        case finished
        case corrupt(String)
    }

    // zlib keeps a pointer to the stream in its own state, so that it must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    init(_ format: Format) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let windowBits: Int32 = format == .raw ? -15 : 31
        let status = inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot start: out of memory or another version than compiled against")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Moves bytes from the front of `input` to the front of `output` until one of them is used up.
    func inflate(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> (consumed: Int, produced: Int, outcome: Outcome) {
        precondition(input.count <= Int(UInt32.max) && output.count <= Int(UInt32.max), "zlib counts in 32 bits")
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let status = CZlib.inflate(stream, Z_NO_FLUSH)
        let consumed = input.count - Int(stream.pointee.avail_in)
        let produced = output.count - Int(stream.pointee.avail_out)
        switch status {
        case Z_STREAM_END: return (consumed, produced, .finished)
        case Z_OK, Z_BUF_ERROR: return (consumed, produced, .needsMore)
        default:
            let why = stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(status)"
            return (consumed, produced, .corrupt(why))
        }
    }
}

/// CRC-32 of zip and gzip, continued from `crc` (0 to start).
func crc32(_ crc: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    if let library = LibDeflate.shared { return library.crc32(crc, bytes) }
    return UInt32(truncatingIfNeeded: crc32_z(uLong(crc), bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count))
}

/// CRC-32 of two byte strings joined, from theirs.
func combinedCRC32(_ first: UInt32, _ second: UInt32, bytesOfSecond: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: crc32_combine(uLong(first), uLong(second), Int(bytesOfSecond)))
}
