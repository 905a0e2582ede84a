import CZlib
import CZstd
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Lines of a text file, gzip, zstd or plain, one at a time: memory is one block plus the longest line.
///
/// The packing is recognised by its first bytes, not by the name. Concatenated gzip members or zstd frames
/// are one text (recorders that append write such files); zero padding after the last member is accepted as
/// `gzip` accepts it; anything else after it is an error.
///
/// What was decoded before a fault is handed out first, so that the error's line number is the line
/// at which the data breaks off.
public final class GzipLineReader {
    public let path: String
    /// The number, from 1, of the line last returned.
    public private(set) var lineNumber = 0
    /// Bytes taken from the file so far (compressed ones when it is gzip); for progress.
    public private(set) var bytesRead: Int64 = 0
    /// Bytes of the file; 0 when it is not a regular file.
    public let fileBytes: Int64

    private let file: Int32
    /// On the heap because zlib checks that the stream has not moved.
    private var stream: UnsafeMutablePointer<z_stream>?
    /// Unpacks zstd; nil for other files.
    private var zstd: OpaquePointer?
    /// The last zstd frame is not at its end yet.
    private var isInFrame = false
    private let input: UnsafeMutablePointer<UInt8>
    private var inputNext = 0, inputEnd = 0, inputExhausted = false

    /// Text decoded and not yet returned is `text[begin..<end]`; one byte is kept free after it.
    private var text: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var begin = 0, end = 0
    private var isFinished = false
    private var fault: MarketDataError.Reason?

    private static let inputCapacity = 1 << 18
    /// A line longer than this is not text; the limit keeps a damaged file from taking all memory.
    private static let maximumLineBytes = 1 << 30

    /// - Throws: `cannotOpen`, `cannotRead`.
    public convenience init(path: String) throws(MarketDataError) {
        try self.init(path: path, blockBytes: 1 << 20)
    }

    init(path: String, blockBytes: Int) throws(MarketDataError) {
        self.path = path
        file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw MarketDataError(path: path, .cannotOpen(systemText())) }
        var status = stat()
        fileBytes = fstat(file, &status) == 0 && (status.st_mode & S_IFMT) == S_IFREG ? Int64(status.st_size) : 0
        input = .allocate(capacity: Self.inputCapacity)
        capacity = max(blockBytes, 16)
        text = .allocate(capacity: capacity + 1)
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
        text.deallocate()
        close(file)
    }

    /// The next line without its newline, or nil at the end.
    ///
    /// The bytes stay valid until the next call. The byte after the last one is always readable and
    /// always a newline, so that a scanner needs no bounds check.
    public func next() throws(MarketDataError) -> UnsafeBufferPointer<UInt8>? {
        var searched = 0
        while true {
            let start = text + begin
            if let newline = memchr(start + searched, 10, end - begin - searched) {
                let count = UnsafeRawPointer(newline) - UnsafeRawPointer(start)
                begin += count + 1
                lineNumber += 1
                return UnsafeBufferPointer(start: start, count: count)
            }
            searched = end - begin
            if isFinished { return try lastLine() }
            try makeRoom()
            try fill()
        }
    }

    private func lastLine() throws(MarketDataError) -> UnsafeBufferPointer<UInt8>? {
        if let fault { throw MarketDataError(path: path, line: lineNumber + 1, fault) }
        guard begin < end else { return nil }
        let line = UnsafeBufferPointer(start: UnsafePointer(text + begin), count: end - begin)
        text[end] = 10
        begin = end
        lineNumber += 1
        return line
    }

    private func makeRoom() throws(MarketDataError) {
        let pending = end - begin
        if begin > 0 {
            memmove(text, text + begin, pending)
            begin = 0
            end = pending
        }
        guard pending == capacity else { return }
        guard capacity < Self.maximumLineBytes else {
            throw MarketDataError(path: path, line: lineNumber + 1, .invalid("the line is longer than 1 GiB; this is not a text file of messages"))
        }
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2 + 1)
        memcpy(larger, text, pending)
        text.deallocate()
        text = larger
        capacity *= 2
    }

    /// Puts more text behind `end`, or ends the text, with `fault` when it ends badly.
    private func fill() throws(MarketDataError) {
        if let zstd { return try fill(zstd) }
        guard let stream else {
            let count = min(inputEnd - inputNext, capacity - end)
            memcpy(text + end, input + inputNext, count)
            inputNext += count
            end += count
            if inputNext == inputEnd { try readInput() }
            isFinished = inputExhausted && inputNext == inputEnd
            return
        }
        while end < capacity, !isFinished {
            if inputNext == inputEnd { try readInput() }
            stream.pointee.next_in = input + inputNext
            stream.pointee.avail_in = UInt32(inputEnd - inputNext)
            stream.pointee.next_out = text + end
            stream.pointee.avail_out = UInt32(capacity - end)
            let code = inflate(stream, Z_NO_FLUSH)
            inputNext = inputEnd - Int(stream.pointee.avail_in)
            end = capacity - Int(stream.pointee.avail_out)
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
    }

    private func fill(_ zstd: OpaquePointer) throws(MarketDataError) {
        while end < capacity, !isFinished {
            if inputNext == inputEnd { try readInput() }
            let isAtEnd = inputNext == inputEnd
            if isAtEnd && !isInFrame { return finish(nil) }
            var from = ZSTD_inBuffer(src: input, size: inputEnd, pos: inputNext)
            var to = ZSTD_outBuffer(dst: text, size: capacity, pos: end)
            let code = ZSTD_decompressStream(zstd, &to, &from)
            // Without more input the decoder may still hold text that had no room.
            if isAtEnd && to.pos == end {
                return finish(.corrupt("the zstd stream breaks off after \(bytesRead) bytes (the copy is incomplete)"))
            }
            (inputNext, end) = (from.pos, to.pos)
            guard ZSTD_isError(code) == 0 else {
                return finish(.corrupt("the zstd stream is damaged: \(String(cString: ZSTD_getErrorName(code)))"))
            }
            isInFrame = code != 0
        }
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
            let count = read(file, input, Self.inputCapacity)
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
