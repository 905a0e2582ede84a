/// One member's bytes, inflated on the way through a fixed buffer.
final class ZipMemberStream: ByteStream {
    private let file: InputFile
    private let entry: ZipEntry
    private let dataOffset: Int64
    private let inflater: Inflater?
    /// Compressed bytes read from the file but not yet inflated: `input[unread]`.
    private let input: UnsafeMutableRawBufferPointer
    private var unread = 0..<0
    private var fetched: Int64 = 0
    private var produced: Int64 = 0
    private var crc: UInt32 = 0
    private var isAtEnd = false
    /// The whole member, where it is small enough to be inflated at once.
    private var whole: PageBuffer?
    private var isUnread = true
    /// Members up to this size are inflated whole, where libdeflate is there; larger ones would take
    /// memory that grows with the data. Tests set it to 0 to have zlib do everything.
    @TaskLocal static var wholeBytes: Int64 = 64 << 20

    init(file: InputFile, entry: ZipEntry, dataOffset: Int64) {
        self.file = file
        self.entry = entry
        self.dataOffset = dataOffset
        inflater = entry.method == ZipEntry.deflated ? Inflater(.raw) : nil
        input = .allocate(byteCount: inflater == nil ? 1 : 1 << 18, alignment: 16)
    }

    deinit { input.deallocate() }

    var path: String { file.path }
    var member: String? { entry.name }
    var totalBytes: Int64 { entry.bytes }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(MarketDataError) -> Int {
        // Never more than the directory promises: `finish` looks for what is too much.
        let room = Int(min(Int64(buffer.count), entry.bytes - produced))
        guard room > 0 else { return 0 }
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer[0..<room])
        if isUnread { inflateWhole() }
        let got = if let whole { take(whole.bytes, into: target) } else if let inflater { try inflate(inflater, into: target) } else { try copy(into: target) }
        produced += Int64(got)
        crc = crc32(crc, UnsafeRawBufferPointer(rebasing: target[0..<got]))
        return got
    }

    func finish() throws(MarketDataError) {
        if let inflater, !isAtEnd {
            // The end mark may still be unread; so may be bytes that should not be there.
            try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { (spare) throws(MarketDataError) in
                guard try inflate(inflater, into: spare) == 0 else {
                    throw error(.corrupt("it inflates to more than the \(entry.bytes) bytes of the archive's directory"))
                }
            }
        }
        let left = entry.compressedBytes - fetched + Int64(unread.count)
        guard produced == entry.bytes, inflater == nil || isAtEnd else {
            throw error(.truncated(expectedBytes: entry.bytes, foundBytes: produced))
        }
        guard inflater == nil || left == 0 else { throw error(.trailingData(bytes: left)) }
        guard crc == entry.crc else { throw error(.badChecksum(expected: entry.crc, found: crc)) }
    }

    /// Whatever goes wrong here goes wrong again in zlib, which says what.
    private func inflateWhole() {
        isUnread = false
        guard inflater != nil, let library = LibDeflate.shared, entry.bytes <= Self.wholeBytes, entry.compressedBytes <= Self.wholeBytes,
            let compressed = try? file.bytes(at: dataOffset, count: Int(entry.compressedBytes)), let output = PageBuffer(byteCount: Int(entry.bytes)),
            compressed.withUnsafeBytes({ library.inflate($0, into: output.bytes) })
        else { return }
        whole = output
        isAtEnd = true
        fetched = entry.compressedBytes
    }

    private func take(_ whole: UnsafeMutableRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let start = Int(produced)
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: whole[start..<(start + buffer.count)]))
        return buffer.count
    }

    private func copy(into buffer: UnsafeMutableRawBufferPointer) throws(MarketDataError) -> Int {
        try file.read(at: dataOffset + produced, into: buffer)
    }

    private func inflate(_ inflater: Inflater, into buffer: UnsafeMutableRawBufferPointer) throws(MarketDataError) -> Int {
        var done = 0
        while !isAtEnd {
            if unread.isEmpty, !(try fetch()) { break }
            let step = inflater.inflate(
                UnsafeRawBufferPointer(rebasing: input[unread]),
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
            unread = (unread.lowerBound + step.consumed)..<unread.upperBound
            done += step.produced
            switch step.outcome {
            case .finished: isAtEnd = true
            case .needsMore:
                if done == buffer.count { return done }
                guard step.consumed + step.produced > 0 else { throw error(.corrupt("deflate: no progress; copy the file again")) }
            case .corrupt(let why): throw error(.corrupt("deflate: \(why); copy the file again"))
            }
        }
        return done
    }

    /// Refills `input`; false at the end of the member.
    private func fetch() throws(MarketDataError) -> Bool {
        let wanted = Int(min(Int64(input.count), entry.compressedBytes - fetched))
        guard wanted > 0 else { return false }
        let got = try file.read(
            at: dataOffset + fetched, into: UnsafeMutableRawBufferPointer(rebasing: input[0..<wanted]))
        guard got == wanted else {
            throw error(.truncated(expectedBytes: entry.compressedBytes, foundBytes: fetched + Int64(got)))
        }
        unread = 0..<got
        fetched += Int64(got)
        return true
    }
}
