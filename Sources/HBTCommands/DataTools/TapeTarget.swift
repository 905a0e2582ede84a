import HBTEngine
import HBTMarketData
import HBTTypes

/// A tape to keep: what it is made for, and making it.
struct TapeTarget {
    var spec: AssetSpec
    var snapshot: [MarketEvent]
    var compatibility: Compatibility

    /// - Returns: rows compiled.
    func write(_ source: any EventSource, total: Int64?, to path: String, session: Session, isQuiet: Bool) throws -> Int64 {
        let progress = Progress(session.console, quiet: isQuiet, unit: "rows compiled", total: total)
        let rows = WatchedEventSource(source, progress: progress, interrupt: session.interrupt)
        return try session.interrupt.endingCleanly {
            let sink = NonEmptySink(try TapeFileWriter(path: path), rows: rows, path: path)
            do {
                return try TapeCompiler.compile(
                    AssetInput(spec: spec, events: rows, initialSnapshot: snapshot), compatibility: compatibility, into: sink)
            } catch let refusal as TapeRefusal {
                throw CommandError("\(path): the data fits no tape: \(refusal); write .npz instead")
            }
        }
    }
}

/// Leaves an older file alone when there turns out to be nothing to write.
private final class NonEmptySink: TapeSink {
    private let sink: any TapeSink
    private let rows: WatchedEventSource
    private let path: String

    init(_ sink: any TapeSink, rows: WatchedEventSource, path: String) {
        (self.sink, self.rows, self.path) = (sink, rows, path)
    }

    func append(_ parts: [UnsafeRawBufferPointer]) throws { try sink.append(parts) }

    func finish(header: [UInt8]) throws {
        guard rows.count > 0 else { throw CommandError("\(path): there are no rows to write; nothing was written") }
        try sink.finish(header: header)
    }
}
