import HBTTypes

/// A tape in memory.
final class MemoryTape: TapeSink, TapeSource {
    private(set) var header: [UInt8] = []
    private var segments: [[UnsafeMutableRawBufferPointer]] = []

    private func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutableRawBufferPointer {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
        copy.copyMemory(from: bytes)
        return copy
    }

    func append(_ parts: [UnsafeRawBufferPointer]) throws { segments.append(parts.map(copy)) }

    func finish(header: [UInt8]) throws { self.header = header }

    var segmentCount: Int { segments.count }

    func segment(_ index: Int, _ part: TapePart) throws -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(segments[index][part.rawValue])
    }

    /// Changes one byte of a part.
    func damage(_ segment: Int, _ part: TapePart, byte: Int, to value: UInt8) { segments[segment][part.rawValue][byte] = value }

    deinit {
        for part in segments.joined() { part.deallocate() }
    }
}
