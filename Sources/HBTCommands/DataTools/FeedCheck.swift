import HBTMarketData
import HBTTypes

/// One file looked over, row by row.
struct FeedCheck {
    let session: Session
    let options: FeedCheckOptions
    var silenceNs: Int64 = 10_000_000_000

    func report(_ path: String) throws -> FeedReport {
        guard FileTree.kind(path) != .folder else { throw CommandError("\(path): this is a folder; name the files in it") }
        if let tickSize = options.tickSize, !(tickSize > 0 && tickSize.isFinite) { throw CommandError("--tick-size \(tickSize): must be above 0") }
        let activity = Activity(session.console, quiet: false, "reading \(path)")
        defer { activity.end() }
        let snapshot = try options.initialSnapshot.map(EventFileReader.readAll) ?? []
        let source: any EventSource = EventFiles.isRecording(path) ? try CollectorEventSource(paths: [path]) : try EventFiles.open(path)
        return try FeedInspector.inspect(
            source, settings: FeedInspector.Settings(tickSize: options.tickSize, silenceNs: silenceNs), initialSnapshot: snapshot)
    }
}
