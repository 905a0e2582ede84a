#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Bytes put aside on disk: a file without a name, gone with the process however it ends.
final class ScratchFile {
    private let path: String
    private let descriptor: Int32
    private let buffer: UnsafeMutableRawBufferPointer
    private var buffered = 0
    private var written: Int64 = 0

    /// In the folder of `path`, which also stands in error messages.
    init(beside path: String) throws(MarketDataError) {
        self.path = path
        let created = try NewFile.create(beside: path, mode: 0o600) { ".scratch-\(getpid())-\($0)" }
        unlink(created.path)
        descriptor = created.descriptor
        buffer = .allocate(byteCount: 1 << 16, alignment: 64)
    }

    deinit {
        close(descriptor)
        buffer.deallocate()
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(MarketDataError) {
        var rest = bytes
        while !rest.isEmpty {
            buffered += buffer.fill(from: &rest, at: buffered)
            if buffered == buffer.count { try flush() }
        }
    }

    /// Gives back everything appended, in chunks of 64 KiB; the last may be shorter.
    func forEachChunk(_ body: (UnsafeRawBufferPointer) throws(MarketDataError) -> Void) throws(MarketDataError) {
        try flush()
        var offset: Int64 = 0
        while offset < written {
            let wanted = Int(min(Int64(buffer.count), written - offset))
            var got = 0
            while got < wanted, let base = buffer.baseAddress {
                let step = pread(descriptor, base + got, wanted - got, off_t(offset + Int64(got)))
                if step < 0, errno == EINTR { continue }
                guard step > 0 else {
                    throw MarketDataError(path: path, .cannotRead("rows put aside: " + (step < 0 ? lastSystemError() : "they are gone")))
                }
                got += step
            }
            try body(UnsafeRawBufferPointer(rebasing: buffer[0..<wanted]))
            offset += Int64(wanted)
        }
    }

    private func flush() throws(MarketDataError) {
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[0..<buffered])
        guard NewFile.writeAll(bytes, { rest, count, _ in write(descriptor, rest, count) }) else {
            throw MarketDataError(path: path, .cannotWrite(lastSystemError()))
        }
        written += Int64(buffered)
        buffered = 0
    }
}
