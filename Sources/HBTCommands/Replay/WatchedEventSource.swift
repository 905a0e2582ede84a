import HBTTypes

/// Rows on their way somewhere, with a progress bar; ends when the process is asked to.
final class WatchedEventSource: LendingEventSource {
    private let source: any EventSource
    /// The source when it lends its rows, else nil, and `block` is where they are read to.
    private let lender: (any LendingEventSource)?
    private let block: UnsafeMutableBufferPointer<MarketEvent>
    private let progress: Progress
    private let interrupt: Interrupt
    private(set) var count: Int64 = 0

    init(_ source: any EventSource, progress: Progress, interrupt: Interrupt) {
        self.source = source
        lender = source as? any LendingEventSource
        block = .allocate(capacity: lender == nil ? 4096 : 0)
        self.progress = progress
        self.interrupt = interrupt
    }

    deinit {
        progress.end()
        block.deallocate()
    }

    func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        if interrupt.isRequested { throw VerbExit(ExitStatus.interrupted) }
        let rows = try source.read(into: buffer)
        count += Int64(rows)
        progress.update(count)
        return rows
    }

    func lend() throws -> UnsafeBufferPointer<MarketEvent> {
        guard let lender else { return UnsafeBufferPointer(rebasing: UnsafeBufferPointer(block)[..<(try read(into: block))]) }
        if interrupt.isRequested { throw VerbExit(ExitStatus.interrupted) }
        let rows = try lender.lend()
        count += Int64(rows.count)
        progress.update(count)
        return rows
    }
}
