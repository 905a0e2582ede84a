import HBTReport

/// A finished run.
struct RunResult {
    var manifest: Manifest
    var report: ReportBuilder
    /// Oddities of the data, one line each.
    var warnings: [String]
    /// The process was asked to end, and a snapshot to go on from was taken.
    var isSaved = false
}
