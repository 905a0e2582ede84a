import CZstd

/// A saved state on disk: a short description, the state itself (zstd), and a checksum over both.
///
/// Layout, little endian: `HBTSTATE`, version (u32), bytes of the description (u32), bytes of the
/// state (u64), compressed bytes (u64), description (UTF-8), zstd frame, CRC-32 of everything before
/// it (u32). Written aside and renamed: whatever happens while writing, a file under its own name is
/// whole.
public struct StateFile: Sendable {
    public static let version: UInt32 = 1
    private static let magic: [UInt8] = Array("HBTSTATE".utf8)
    private static let headBytes = 8 + 4 + 4 + 8 + 8
    /// No state of ours comes near; a damaged length must not ask for all memory.
    private static let mostBytes: UInt64 = 1 << 36

    /// What the state is of; JSON by convention.
    public var description: String
    public var state: [UInt8]

    public init(description: String, state: [UInt8]) {
        self.description = description
        self.state = state
    }

    /// Writes the file, replacing one of the same name only when complete.
    public func write(to path: String) throws(MarketDataError) {
        let text = Array(description.utf8)
        let bound = ZSTD_compressBound(state.count), frameStart = Self.headBytes + text.count
        // The frame is made where it is written from: states are large, and so is fresh memory's cost.
        let bytes = [UInt8](unsafeUninitializedCapacity: frameStart + bound + 4) { room, count in
            let frame = UnsafeMutableBufferPointer(rebasing: room[frameStart..<(frameStart + bound)])
            let size = ZSTD_compress(frame.baseAddress, bound, state, state.count, 1)
            precondition(ZSTD_isError(size) == 0, "zstd cannot fail with the room that it asks for")
            var head = Self.magic
            Self.append(UInt64(Self.version), 4, to: &head)
            Self.append(UInt64(text.count), 4, to: &head)
            Self.append(UInt64(state.count), 8, to: &head)
            Self.append(UInt64(size), 8, to: &head)
            _ = room.update(fromContentsOf: head + text)
            let end = frameStart + size
            var tail: [UInt8] = []
            Self.append(UInt64(Self.checksum(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(room)[..<end]))), 4, to: &tail)
            _ = UnsafeMutableBufferPointer(rebasing: room[end...]).update(fromContentsOf: tail)
            count = end + 4
        }
        let file = try OutputFile(path: path)
        // An error on the way removes the partial file with `file`.
        var failure: MarketDataError?
        bytes.withUnsafeBytes { raw in
            do throws(MarketDataError) { try file.append(raw) } catch { failure = error }
        }
        if let failure { throw failure }
        try file.commit()
    }

    /// Reads and checks the file.
    ///
    /// - Throws: when it is not a state, of another version, cut short or changed.
    public static func read(_ path: String) throws(MarketDataError) -> StateFile {
        let file = try InputFile(path: path)
        guard file.size >= Int64(headBytes + 4) else {
            throw MarketDataError(path: path, .truncated(expectedBytes: Int64(headBytes + 4), foundBytes: file.size))
        }
        var bytes = [UInt8](repeating: 0, count: headBytes)
        try fill(&bytes, from: file, at: 0)
        guard Array(bytes[..<8]) == magic else { throw MarketDataError(path: path, .notThisFormat(expected: "a saved state (HBTSTATE)")) }
        let version = word(bytes, 8, 4)
        guard version == UInt64(Self.version) else {
            throw MarketDataError(path: path, .unsupported("state version \(version); this program reads version \(Self.version)"))
        }
        let textCount = word(bytes, 12, 4), stateCount = word(bytes, 16, 8), frameCount = word(bytes, 24, 8)
        guard stateCount <= mostBytes, frameCount <= mostBytes else { throw MarketDataError(path: path, .corrupt("impossible lengths")) }
        let whole = Int64(headBytes) + Int64(textCount) + Int64(frameCount) + 4
        guard file.size >= whole else { throw MarketDataError(path: path, .truncated(expectedBytes: whole, foundBytes: file.size)) }
        guard file.size == whole else { throw MarketDataError(path: path, .trailingData(bytes: file.size - whole)) }
        bytes = [UInt8](repeating: 0, count: Int(whole))
        try fill(&bytes, from: file, at: 0)
        let stored = UInt32(word(bytes, Int(whole) - 4, 4))
        let found = bytes.withUnsafeBytes { checksum(UnsafeRawBufferPointer(rebasing: $0[..<(Int(whole) - 4)])) }
        guard stored == found else { throw MarketDataError(path: path, .badChecksum(expected: stored, found: found)) }
        let textStart = headBytes, frameStart = headBytes + Int(textCount)
        let text = String(decoding: bytes[textStart..<frameStart], as: UTF8.self)
        var size = 0
        let state = [UInt8](unsafeUninitializedCapacity: Int(stateCount)) { room, count in
            bytes.withUnsafeBytes { raw in
                size = ZSTD_decompress(room.baseAddress, Int(stateCount), raw.baseAddress.map { $0 + frameStart }, Int(frameCount))
            }
            count = ZSTD_isError(size) == 0 ? size : 0
        }
        guard ZSTD_isError(size) == 0, UInt64(size) == stateCount else {
            throw MarketDataError(path: path, .corrupt("its zstd frame does not hold the state"))
        }
        return StateFile(description: text, state: state)
    }

    private static func fill(_ bytes: inout [UInt8], from file: InputFile, at offset: Int64) throws(MarketDataError) {
        let wanted = bytes.count
        var got = 0
        var failure: MarketDataError?
        bytes.withUnsafeMutableBytes { raw in
            do throws(MarketDataError) { got = try file.read(at: offset, into: raw) } catch { failure = error }
        }
        if let failure { throw failure }
        guard got == wanted else {
            throw MarketDataError(path: file.path, .truncated(expectedBytes: Int64(wanted), foundBytes: Int64(got)))
        }
    }

    private static func append(_ value: UInt64, _ width: Int, to bytes: inout [UInt8]) {
        for i in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * i))) }
    }

    private static func word(_ bytes: [UInt8], _ start: Int, _ width: Int) -> UInt64 {
        (0..<width).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
    }

    private static func checksum(_ raw: UnsafeRawBufferPointer) -> UInt32 { crc32(0, raw) }
}
