import HBTTypes

/// The end of a tape file: where every part of a segment lies, its checksum, and the engine's header.
///
/// Layout, little endian: parts (each at a multiple of 64 bytes), then for each segment twelve words
/// (offset, length and checksum of each part, in the order of `TapePart`), then the header's bytes
/// padded with zeros to a multiple of 64, then the last 64 bytes: `HBTTAPE2`, offset of the
/// directory, number of segments, length of the header, checksum of directory and header, zeros.
struct TapeDirectory {
    struct Part: Equatable {
        var offset: Int
        var count: Int
        var checksum: UInt64
    }
    static let magic: UInt64 = 0x3245_5041_5454_4248
    static let partCount = TapePart.allCases.count
    static let tailBytes = 64

    /// `partCount` a segment.
    var parts: [Part] = []
    var header: [UInt8] = []

    /// Directory, header and tail as they follow the parts, which end at `offset`.
    func bytes(at offset: Int) -> [UInt8] {
        var body: [UInt8] = []
        func put(_ word: UInt64) { withUnsafeBytes(of: word.littleEndian) { body.append(contentsOf: $0) } }
        for part in parts {
            put(UInt64(part.offset))
            put(UInt64(part.count))
            put(part.checksum)
        }
        body += header
        body += [UInt8](repeating: 0, count: (64 - body.count % 64) % 64)
        let checksum = body.withUnsafeBytes { TapeChecksum.of($0) }
        put(Self.magic)
        put(UInt64(offset))
        put(UInt64(parts.count / Self.partCount))
        put(UInt64(header.count))
        put(checksum)
        body += [UInt8](repeating: 0, count: Self.tailBytes - 40)
        return body
    }

    /// Reads the end of a file; nil with the reason when it does not fit together.
    init(file bytes: UnsafeRawBufferPointer) throws(MarketDataError.Fault) {
        guard bytes.count >= Self.tailBytes, bytes.count % 64 == 0 else { throw .init("it is cut off") }
        let tail = bytes.count - Self.tailBytes
        func word(_ offset: Int) -> UInt64 { UInt64(littleEndian: bytes.load(fromByteOffset: offset, as: UInt64.self)) }
        guard word(tail) == Self.magic else { throw .init("it does not end as a tape of this version does") }
        let start = word(tail + 8), segments = word(tail + 16), headerCount = word(tail + 24)
        guard start % 64 == 0, start <= UInt64(tail), segments < 1 << 32, headerCount < 1 << 20,
            segments * UInt64(24 * Self.partCount) + headerCount <= UInt64(tail) - start
        else { throw .init("its directory lies outside of it") }
        let body = UnsafeRawBufferPointer(rebasing: bytes[Int(start)..<tail])
        guard TapeChecksum.of(body) == word(tail + 32) else { throw .init("its directory has another checksum") }
        for i in 0..<Int(segments) * Self.partCount {
            let place = Int(start) + i * 24
            let offset = word(place), count = word(place + 8)
            guard offset % 64 == 0, count % 64 == 0, offset <= start, count <= start - offset else {
                throw .init("segment \(i / Self.partCount) lies outside of it")
            }
            parts.append(Part(offset: Int(offset), count: Int(count), checksum: word(place + 16)))
        }
        let headerStart = Int(segments) * 24 * Self.partCount
        header = Array(body[headerStart..<headerStart + Int(headerCount)])
    }

    init() {}
}

extension MarketDataError {
    /// What is wrong with a file whose name the thrower does not know.
    struct Fault: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }
}
