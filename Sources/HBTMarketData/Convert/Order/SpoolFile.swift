import HBTTypes
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Rows on disk between two passes. The file is unlinked as soon as it is open, so that it
/// disappears whatever happens to the process.
final class SpoolFile {
    private let file: Int32
    private let directory: String
    private(set) var rowCount = 0

    init(directory: String) throws(MarketDataError) {
        self.directory = directory
        var template = Array((directory + "/hbt-spool-XXXXXX").utf8CString)
        file = mkstemp(&template)
        guard file >= 0 else { throw MarketDataError(path: directory, .cannotOpen("no spool can be made here: " + systemText())) }
        unlink(template)
    }

    deinit { close(file) }

    /// Appends rows; returns the row number of the first.
    func append(_ rows: UnsafePointer<MarketEvent>, count: Int) throws(MarketDataError) {
        var bytes = UnsafeRawPointer(rows), left = count * MemoryLayout<MarketEvent>.stride
        while left > 0 {
            let written = write(file, bytes, left)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw MarketDataError(path: directory, .cannotWrite("the spool of \(rowCount) rows: " + systemText())) }
            bytes += written
            left -= written
        }
        rowCount += count
    }

    func read(into rows: UnsafeMutablePointer<MarketEvent>, row: Int, count: Int) throws(MarketDataError) {
        let stride = MemoryLayout<MarketEvent>.stride
        var bytes = UnsafeMutableRawPointer(rows), left = count * stride, offset = row * stride
        while left > 0 {
            let got = pread(file, bytes, left, off_t(offset))
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw MarketDataError(path: directory, .cannotRead("the spool: " + (got < 0 ? systemText() : "it ends early"))) }
            bytes += got
            left -= got
            offset += got
        }
    }
}
