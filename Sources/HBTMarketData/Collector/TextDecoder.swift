import CZlib
import CZstd
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The text of a file that is gzip, zstd or plain, in the caller's buffers.
///
/// The packing is recognised by its first bytes, not by the name. Concatenated gzip members or zstd frames
/// are one text (recorders that append write such files); zero padding after the last member is accepted as
/// `gzip` accepts it; anything else after it is an error.
final class TextDecoder {
    private let path: String
    private let file: Int32
    /// Bytes taken from the file so far.
    private var bytesRead: Int64 = 0
    /// On the heap because zlib checks that the stream has not moved.
    private var stream: UnsafeMutablePointer<z_stream>?
    /// Unpacks zstd; nil for other files.
    private var zstd: OpaquePointer?
    /// The last zstd frame is not at its end yet.
    private var isInFrame = false
    private let input: UnsafeMutablePointer<UInt8>
    private var inputNext = 0, inputEnd = 0, inputExhausted = false
    private var isFinished = false
    private var fault: MarketDataError.Reason?

    private static let inputCapacity = 1 << 18

    /// - Throws: `cannotOpen`, `cannotRead`.
    init(path: String) throws(MarketDataError) {
        self.path = path
        file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw MarketDataError(path: path, .cannotOpen(systemText())) }
        input = .allocate(capacity: Self.inputCapacity)
        try readInput()
        if inputEnd >= 2, input[0] == 0x1F, input[1] == 0x8B { try startInflating() }
        if inputEnd >= 4, input[0] == 0x28, input[1] == 0xB5, input[2] == 0x2F, input[3] == 0xFD {
            zstd = ZSTD_createDStream()
            guard zstd != nil else { throw MarketDataError(path: path, .cannotRead("zstd could not be started")) }
        }
    }

    deinit {
        if let stream {
            inflateEnd(stream)
            stream.deallocate()
        }
        ZSTD_freeDStream(zstd)
        input.deallocate()
        close(file)
    }

    /// More text at the front of `buffer`; 0 at its end.
    ///
    /// - Throws: `cannotRead`, or `corrupt` after all text before the damage.
    func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(MarketDataError) -> Int {
        guard !isFinished else { return try end() }
        let count = if let stream {
            try inflate(stream, into: buffer)
        } else if let zstd {
            try decompress(zstd, into: buffer)
        } else {
            try copy(into: buffer)
        }
        return count > 0 ? count : try end()
    }

    private func end() throws(MarketDataError) -> Int {
        isFinished = true
        if let fault { throw MarketDataError(path: path, fault) }
        return 0
    }

    private func copy(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(MarketDataError) -> Int {
        if inputNext == inputEnd { try readInput() }
        let count = min(inputEnd - inputNext, buffer.count)
        guard let target = buffer.baseAddress, count > 0 else { return 0 }
        memcpy(target, input + inputNext, count)
        inputNext += count
        return count
    }

    private func inflate(_ stream: UnsafeMutablePointer<z_stream>, into buffer: UnsafeMutableBufferPointer<UInt8>) throws(MarketDataError) -> Int {
        guard let text = buffer.baseAddress else { return 0 }
        var made = 0
        while made < buffer.count, !isFinished {
            if inputNext == inputEnd { try readInput() }
            stream.pointee.next_in = input + inputNext
            stream.pointee.avail_in = UInt32(inputEnd - inputNext)
            stream.pointee.next_out = text + made
            stream.pointee.avail_out = UInt32(clamping: buffer.count - made)
            let room = Int(stream.pointee.avail_out)
            let code = CZlib.inflate(stream, Z_NO_FLUSH)
            inputNext = inputEnd - Int(stream.pointee.avail_in)
            made += room - Int(stream.pointee.avail_out)
            switch code {
            case Z_OK: continue
            case Z_STREAM_END: try afterMember(stream)
            case Z_BUF_ERROR where inputExhausted && inputNext == inputEnd:
                finish(.corrupt("the gzip stream breaks off after \(bytesRead) bytes (the collector was killed, or the copy is incomplete)"))
            case Z_BUF_ERROR: continue
            default:
                let text = stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(code)"
                finish(.corrupt("the gzip stream is damaged: \(text)"))
            }
        }
        return made
    }

    private func decompress(_ zstd: OpaquePointer, into buffer: UnsafeMutableBufferPointer<UInt8>) throws(MarketDataError) -> Int {
        var made = 0
        while made < buffer.count, !isFinished {
            if inputNext == inputEnd { try readInput() }
            let isAtEnd = inputNext == inputEnd
            if isAtEnd && !isInFrame {
                finish(nil)
                break
            }
            var from = ZSTD_inBuffer(src: input, size: inputEnd, pos: inputNext)
            var to = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: made)
            let code = ZSTD_decompressStream(zstd, &to, &from)
            // Without more input the decoder may still hold text that had no room.
            if isAtEnd && to.pos == made {
                finish(.corrupt("the zstd stream breaks off after \(bytesRead) bytes (the copy is incomplete)"))
                break
            }
            (inputNext, made) = (from.pos, to.pos)
            guard ZSTD_isError(code) == 0 else {
                finish(.corrupt("the zstd stream is damaged: \(String(cString: ZSTD_getErrorName(code)))"))
                break
            }
            isInFrame = code != 0
        }
        return made
    }

    /// A member has ended: another one, padding, nothing, or rubbish follows.
    private func afterMember(_ stream: UnsafeMutablePointer<z_stream>) throws(MarketDataError) {
        var zeros = 0
        while true {
            if inputNext == inputEnd { try readInput() }
            if inputNext == inputEnd { return finish(nil) }
            if input[inputNext] != 0 { break }
            inputNext += 1
            zeros += 1
        }
        if zeros == 0, input[inputNext] == 0x1F, inflateReset(stream) == Z_OK { return }
        finish(.corrupt(
            "bytes after the end of the gzip stream that are no gzip stream (a collector restarted on the same day leaves the tail of the old file)"
        ))
    }

    private func finish(_ reason: MarketDataError.Reason?) {
        isFinished = true
        fault = reason
    }

    private func startInflating() throws(MarketDataError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window plus 16: gzip framing, with its CRC checked.
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deallocate()
            throw MarketDataError(path: path, .cannotRead("zlib could not be started"))
        }
        self.stream = stream
    }

    private func readInput() throws(MarketDataError) {
        inputNext = 0
        inputEnd = 0
        guard !inputExhausted else { return }
        while true {
            let count = systemRead(file, input, Self.inputCapacity)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw MarketDataError(path: path, .cannotRead(systemText())) }
            inputEnd = count
            bytesRead += Int64(count)
            inputExhausted = count == 0
            return
        }
    }
}

/// The operating system's words for the last error.
func systemText() -> String { String(cString: strerror(errno)) }

/// `read` is taken by the method of that name.
private func systemRead(_ file: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    #if canImport(Glibc)
    Glibc.read(file, buffer, count)
    #elseif canImport(Musl)
    Musl.read(file, buffer, count)
    #else
    Darwin.read(file, buffer, count)
    #endif
}
