import HBTTypes

/// A tape in memory.
final class MemoryTape: TapeSink, TapeSource {
    private(set) var header: [UInt8] = []
    private var halves: [[UnsafeMutableRawBufferPointer]] = []

    private func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutableRawBufferPointer {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
        copy.copyMemory(from: bytes)
        return copy
    }

    func append(exchange: UnsafeRawBufferPointer, local: UnsafeRawBufferPointer) throws {
        halves.append([copy(exchange), copy(local)])
    }

    func finish(header: [UInt8]) throws { self.header = header }

    var segmentCount: Int { halves.count }

    func segment(_ index: Int, _ part: TapePart) throws -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(halves[index][part.rawValue])
    }

    /// Changes one byte of a half.
    func damage(_ segment: Int, _ part: TapePart, byte: Int, to value: UInt8) { halves[segment][part.rawValue][byte] = value }

    deinit {
        for half in halves.joined() { half.deallocate() }
    }
}
