import HBTMarketData
import HBTTypes

/// Rows from a source into a file, with progress; the file appears only when it is complete.
struct EventCopy {
    let session: Session
    var isQuiet = false
    /// Rows to come, when known.
    var total: Int64?

    /// - Returns: the number of rows written.
    func run(_ source: any EventSource, to path: String) throws -> Int64 {
        let writer = try EventFileWriter(path: path)
        let progress = Progress(session.console, quiet: isQuiet, unit: "rows", total: total)
        defer { progress.end() }
        let block = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 1 << 14)
        defer { block.deallocate() }
        return try session.interrupt.endingCleanly {
            while true {
                let count = try source.read(into: block)
                if count == 0 { break }
                try writer.append(UnsafeBufferPointer(rebasing: block[..<count]))
                progress.update(writer.rowCount)
                // The writer removes what it has written when it goes.
                if session.interrupt.isRequested { throw VerbExit(ExitStatus.interrupted) }
            }
            guard writer.rowCount > 0 else { throw CommandError("\(path): there are no rows to write; nothing was written") }
            try writer.finish()
            return writer.rowCount
        }
    }
}
