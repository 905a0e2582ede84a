import HBTTypes

/// Writes a tape aside and gives it its name when it is complete.
public final class TapeFileWriter: TapeSink {
    private let file: OutputFile
    private var directory = TapeDirectory()

    public init(path: String) throws(MarketDataError) { file = try OutputFile(path: path) }

    public func append(_ parts: [UnsafeRawBufferPointer]) throws {
        precondition(parts.count == TapeDirectory.partCount, "a segment has all its parts")
        for part in parts {
            precondition(part.count % 64 == 0, "a part of a segment is whole lines of 64 bytes")
            directory.parts.append(.init(offset: Int(file.position), count: part.count, checksum: TapeChecksum.of(part)))
            try file.append(part)
        }
    }

    public func finish(header: [UInt8]) throws {
        directory.header = header
        try file.append(directory.bytes(at: Int(file.position)))
        try file.commit()
    }
}
