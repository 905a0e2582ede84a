import CZlib

/// Bare deflate compression; the twin of `Inflater`.
final class Deflater {
    private let stream: UnsafeMutablePointer<z_stream>
    private let output: UnsafeMutableRawBufferPointer

    /// - Parameter level: 1 (fast) to 9 (small).
    init(level: Int) {
        precondition((1...9).contains(level), "deflate levels are 1 to 9")
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        output = .allocate(byteCount: 1 << 16, alignment: 16)
        let status = deflateInit2_(
            stream, Int32(level), Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot start: out of memory or another version than compiled against")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    /// Compresses all of `input`; `last` ends the stream.
    func deflate(
        _ input: UnsafeRawBufferPointer, last: Bool,
        to sink: (UnsafeRawBufferPointer) throws(MarketDataError) -> Void
    ) throws(MarketDataError) {
        precondition(input.count <= Int(UInt32.max), "zlib counts in 32 bits")
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        repeat {
            stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
            stream.pointee.avail_out = UInt32(output.count)
            let status = CZlib.deflate(stream, last ? Z_FINISH : Z_NO_FLUSH)
            precondition(status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR, "deflate cannot fail on valid calls")
            let produced = output.count - Int(stream.pointee.avail_out)
            try sink(UnsafeRawBufferPointer(rebasing: output[0..<produced]))
            // Room left in the output means that everything given was taken.
        } while stream.pointee.avail_out == 0
    }
}
