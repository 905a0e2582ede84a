import HBTTypes
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What consecutive rows of a spool share; the rows follow as price and size each, or whole when they say more.
struct SpoolSpan: BitwiseCopyable {
    var ev: UInt64 = 0
    var exchangeNs: Int64 = 0
    var localNs: Int64 = 0
    var count: UInt32 = 0
    var wide: UInt32 = 0

    var isWide: Bool { wide != 0 }
    var rowBytes: Int { isWide ? MemoryLayout<MarketEvent>.stride : MemoryLayout<LevelList.Level>.stride }
}

/// Rows on disk between two passes. The file is unlinked as soon as it is open, so that it
/// disappears whatever happens to the process.
final class SpoolFile {
    private let file: Int32
    let directory: String
    /// Bytes so far, written or about to be.
    private(set) var position: Int64 = 0
    private let buffer: UnsafeMutableRawBufferPointer
    private var filled = 0

    init(directory: String) throws(MarketDataError) {
        self.directory = directory
        var template = Array((directory + "/hbt-spool-XXXXXX").utf8CString)
        file = mkstemp(&template)
        guard file >= 0 else { throw MarketDataError(path: directory, .cannotOpen("no spool can be made here: " + systemText())) }
        unlink(template)
        buffer = .allocate(byteCount: 1 << 18, alignment: 64)
    }

    deinit {
        close(file)
        buffer.deallocate()
    }

    /// Appends rows of equal times.
    func append(_ rows: UnsafePointer<MarketEvent>, count: Int) throws(MarketDataError) {
        var start = 0
        while start < count {
            let first = rows[start]
            var end = start
            var isWide = false
            while end < count, rows[end].ev == first.ev {
                let row = rows[end]
                isWide = isWide || row.orderId != 0 || row.ival != 0 || row.fval.bitPattern != 0
                end += 1
            }
            try put(SpoolSpan(
                ev: first.ev, exchangeNs: first.exchangeNs, localNs: first.localNs, count: UInt32(end - start), wide: isWide ? 1 : 0))
            for i in start..<end {
                if isWide { try put(rows[i]) } else { try put(LevelList.Level(price: rows[i].price, quantity: rows[i].quantity)) }
            }
            start = end
        }
    }

    @inline(__always) private func put<T: BitwiseCopyable>(_ value: T) throws(MarketDataError) {
        if filled + MemoryLayout<T>.stride > buffer.count { try flush() }
        buffer.storeBytes(of: value, toByteOffset: filled, as: T.self)
        filled += MemoryLayout<T>.stride
        position += Int64(MemoryLayout<T>.stride)
    }

    func flush() throws(MarketDataError) {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[..<filled])
        filled = 0
        guard NewFile.writeAll(rest, { bytes, count, _ in write(file, bytes, count) }) else {
            throw MarketDataError(path: directory, .cannotWrite("the spool of \(position) bytes: " + systemText()))
        }
    }

    func read(into target: UnsafeMutableRawBufferPointer, at offset: Int64) throws(MarketDataError) {
        var done = 0
        while done < target.count, let base = target.baseAddress {
            let got = pread(file, base + done, target.count - done, off_t(offset + Int64(done)))
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw MarketDataError(path: directory, .cannotRead("the spool: " + (got < 0 ? systemText() : "it ends early"))) }
            done += got
        }
    }
}
