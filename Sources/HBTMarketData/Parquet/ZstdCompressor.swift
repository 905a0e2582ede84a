import CZstd

/// One zstd frame per call.
final class ZstdCompressor {
    private let context: OpaquePointer
    private let level: Int32

    /// - Parameter level: 1 to 19.
    init(level: Int) {
        precondition((1...19).contains(level), "zstd levels are 1 to 19")
        guard let context = ZSTD_createCCtx() else { preconditionFailure("zstd cannot start: out of memory") }
        self.context = context
        self.level = Int32(level)
    }

    deinit { ZSTD_freeCCtx(context) }

    /// Appends `input`, compressed, to `output`.
    func compress(_ input: UnsafeRawBufferPointer, to output: RawBuffer) {
        let room = output.extend(by: ZSTD_compressBound(input.count))
        let size = ZSTD_compressCCtx(context, room.baseAddress, room.count, input.baseAddress, input.count, level)
        precondition(ZSTD_isError(size) == 0, "zstd cannot fail with the room that it asks for")
        output.removeLast(room.count - size)
    }
}
