import HBTTypes

/// Rows on their way somewhere, with a progress bar; ends when the process is asked to.
final class WatchedEventSource: EventSource {
    private let source: any EventSource
    private let progress: Progress
    private let interrupt: Interrupt
    private(set) var count: Int64 = 0

    init(_ source: any EventSource, progress: Progress, interrupt: Interrupt) {
        self.source = source
        self.progress = progress
        self.interrupt = interrupt
    }

    deinit { progress.end() }

    func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        if interrupt.isRequested { throw VerbExit(ExitStatus.interrupted) }
        let rows = try source.read(into: buffer)
        count += Int64(rows)
        progress.update(count)
        return rows
    }
}
