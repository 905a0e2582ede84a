import HBTTypes

/// Writes a tape aside and gives it its name when it is complete.
public final class TapeFileWriter: TapeSink {
    private let file: OutputFile
    private var directory = TapeDirectory()

    public init(path: String) throws(MarketDataError) { file = try OutputFile(path: path) }

    public func append(exchange: UnsafeRawBufferPointer, local: UnsafeRawBufferPointer) throws {
        try append(exchange)
        try append(local)
    }

    private func append(_ half: UnsafeRawBufferPointer) throws {
        precondition(half.count % 64 == 0, "a half segment is whole lines of 64 bytes")
        directory.halves.append(.init(offset: Int(file.position), count: half.count, checksum: TapeChecksum.of(half)))
        try file.append(half)
    }

    public func finish(header: [UInt8]) throws {
        directory.header = header
        try file.append(directory.bytes(at: Int(file.position)))
        try file.commit()
    }
}
