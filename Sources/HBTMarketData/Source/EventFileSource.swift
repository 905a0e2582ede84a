import HBTTypes

/// Events from files, with what a progress bar and a log want to know.
public protocol EventFileSource: EventSource {
    /// All rows of all files when their headers tell; nil when only reading tells, or when a file
    /// cannot be opened (`read` then says why). May be asked from any thread, at any time.
    var rowsTotal: Int64? { get }
    /// Oddities that do not stop the run, one line each: column names that differ from HftBacktest's.
    var warnings: [String] { get }
}
