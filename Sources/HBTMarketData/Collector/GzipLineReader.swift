import Foundation

/// Lines of a text file, gzip, zstd or plain, one at a time: memory is one block plus the longest line.
///
/// What was decoded before a fault is handed out first, so that the error's line number is the line
/// at which the data breaks off.
public final class GzipLineReader {
    public let path: String
    /// The number, from 1, of the line last returned.
    public private(set) var lineNumber = 0

    /// Nil when all of the text is there.
    private let decoder: TextDecoder?
    /// What another thread has decoded; nil where lines are decoded as they are asked for.
    private var ring: PrefetchRing<UInt8>?

    /// Text decoded and not yet returned is `text[begin..<end]`; `ByteScanner.slack` bytes are kept free after it.
    private var text: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var begin = 0, end = 0
    private var isFinished = false
    private var fault: MarketDataError?

    /// A line longer than this is not text; the limit keeps a damaged file from taking all memory.
    private static let maximumLineBytes = 1 << 30
    private static let aheadBytes = 1 << 18

    /// - Throws: `cannotOpen`, `cannotRead`.
    public convenience init(path: String) throws(MarketDataError) {
        try self.init(path: path, blockBytes: 1 << 20)
    }

    /// The same for who wants all lines: small files are inflated at once, others in a thread of its own
    /// where there is a processor for it.
    init(wholeOf path: String) throws(MarketDataError) {
        self.path = path
        if let whole = GzipWhole(path: path) {
            decoder = nil
            text = whole.text
            (capacity, end) = (whole.count, whole.count)
            isFinished = true
            return
        }
        let decoder = try TextDecoder(path: path)
        self.decoder = decoder
        capacity = 1 << 20
        text = Self.room(capacity)
        if ProcessInfo.processInfo.activeProcessorCount > 1 { ring = Self.ahead(decoder) }
    }

    init(path: String, blockBytes: Int) throws(MarketDataError) {
        self.path = path
        decoder = try TextDecoder(path: path)
        capacity = max(blockBytes, 16)
        text = Self.room(capacity)
    }

    deinit {
        ring?.stop()
        text.deallocate()
    }

    private static func room(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        let text = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + ByteScanner.slack)
        (text + capacity).initialize(repeating: 0, count: ByteScanner.slack)
        return text
    }

    private static func ahead(_ decoder: TextDecoder) -> PrefetchRing<UInt8> {
        let ring = PrefetchRing<UInt8>(slotCount: 4, slotSize: aheadBytes)
        // From here on the thread's alone.
        nonisolated(unsafe) let decoder = decoder
        let thread = Thread { ring.fill { try decoder.read(into: $0) } }
        thread.name = "hbt-inflate"
        thread.start()
        return ring
    }

    /// The next line without its newline, or nil at the end.
    ///
    /// The bytes stay valid until the next call. The byte after the last one is always a newline, and
    /// `ByteScanner.slack` bytes after it are readable, so that a scanner needs no bounds check.
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
            fill()
        }
    }

    private func lastLine() throws(MarketDataError) -> UnsafeBufferPointer<UInt8>? {
        if var fault {
            if case .corrupt = fault.reason { fault.line = lineNumber + 1 }
            throw fault
        }
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
        let larger = Self.room(capacity * 2)
        memcpy(larger, text, pending)
        text.deallocate()
        text = larger
        capacity *= 2
    }

    /// Puts more text behind `end`, or ends the text, with `fault` when it ends badly.
    private func fill() {
        let free = UnsafeMutableBufferPointer(start: text + end, count: capacity - end)
        do {
            let count = try ring?.take(into: free) ?? decoder?.read(into: free) ?? 0
            end += count
            isFinished = count == 0
        } catch {
            isFinished = true
            fault = error as? MarketDataError ?? MarketDataError(path: path, .cannotRead("\(error)"))
        }
    }
}
