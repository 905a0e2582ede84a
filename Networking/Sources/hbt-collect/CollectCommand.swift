import ArgumentParser
import Dispatch
import Foundation
import HBTCollector
import HBTLive
import HBTMarketData
import HBTSockets

struct CollectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hbt collect",
        abstract: "Record raw market feeds of Binance in HftBacktest's collector format.",
        discussion: """
            One file for each symbol and UTC day of receipt, SYMBOL_YYYYMMDD.gz: receipt time in nanoseconds, a space, the \
            message as it came. Depth snapshots stand at the start, at each day's start and behind every gap. A restart \
            appends; nothing is written over; a kill loses at most the last few seconds. hbt convert reads the files.

            Venues: \(Venue.allCases.map(\.rawValue).joined(separator: ", ")).

            Example:  hbt collect binance-futures BTCUSDT ETHUSDT --out recordings

            Ends with SIGTERM, SIGINT or after --for. Exit status: 0 done; 1 something could not be written; 2 bad input.
            """)

    @Argument(help: "The market to record.") var venue: String
    @Argument(help: "Symbols, as the venue names them.") var symbols: [String]
    @Option(name: [.short, .long], help: "Folder for the files; made if it is not there.") var out: String
    @Option(help: "Streams of each symbol, with commas: trade, bookTicker, depth@0ms, depth@100ms, markPrice@1s, forceOrder, aggTrade.")
    var streams: String?
    @Option(help: "gzip or zstd (which HftBacktest's own converter does not read).") var codec = "gzip"
    @Option(help: "Where REST is, instead of production: https://… or http://….") var rest: String?
    @Option(help: "Where the streams are, instead of production: wss://… or ws://….") var stream: String?
    @Option(help: "A PEM file with the only certificates to trust.") var ca: String?
    @Option(help: "Connections that carry the same feed (1 to 4); each message is written once.") var connections = 1
    @Option(help: "Seconds between writes: what a killed process loses at most.") var flush = 5.0
    @Option(name: .customLong("for"), help: "Stop after so many seconds.") var seconds: Double?
    @Option(help: "Levels a side of a snapshot.") var levels = 1000
    @Flag(help: "Only what goes wrong.") var quiet = false

    func run() throws {
        let settings = try plan()
        let addresses = CollectorSettings.standardAddresses(settings.venue)
        var limits = FeedRecorder.Limits()
        guard flush >= 0.1, flush <= 3600 else { throw ValidationError("--flush \(flush): between 0.1 and 3600 seconds") }
        limits.flushNs = Int64(flush * 1e9)
        guard let codec = RecordingCodec(rawValue: codec) else { throw ValidationError("--codec \(codec): gzip or zstd") }
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        guard access(out, W_OK) == 0 else { throw ValidationError("\(out): nothing can be written there: \(String(cString: strerror(errno)))") }
        let core = CollectorCore(settings: settings, recorder: FeedRecorder(folder: out, codec: codec, limits: limits))
        let client: SocketClient, restURL: ServerURL, streamURL: ServerURL
        do {
            client = try SocketClient(trust: ca.map { .file($0) } ?? .system)
            restURL = try ServerURL(rest ?? addresses.rest)
            streamURL = try ServerURL(stream ?? addresses.stream)
        } catch {
            throw ValidationError("\(error)")
        }
        let collector = Collector(core: core, client: client, rest: restURL, stream: streamURL) { Self.note($0) }
        let signals = Self.catchSignals()
        if !quiet { Self.note("recording \(settings.symbols.count) symbols of \(settings.venue.rawValue) from \(streamURL) to \(out)") }
        collector.start()
        try wait(signals, collector)
        let isWhole = collector.stop()
        client.shutdown()
        if !quiet { Self.note(Self.summary(collector)) }
        if !isWhole { throw ExitCode(1) }
    }

    private func plan() throws -> CollectorSettings {
        let named: Venue
        do { named = try Venue(name: venue) } catch { throw ValidationError("\(error)") }
        let names = streams?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        var settings = CollectorSettings(venue: named, symbols: symbols.map { $0.uppercased() }, streams: names)
        settings.snapshotLevels = levels
        settings.copies = connections
        settings.seed = UInt64(truncatingIfNeeded: WallClock.nowNs())
        if let fault = settings.fault { throw ValidationError(fault) }
        return settings
    }

    /// Until a signal, or for as long as was asked; a line of counts every minute.
    private func wait(_ signals: DispatchSemaphore, _ collector: Collector) throws {
        let end = seconds.map { DispatchTime.now() + $0 }
        while true {
            let minute = DispatchTime.now() + 60
            if signals.wait(timeout: min(end ?? minute, minute)) == .success { return }
            if let end, DispatchTime.now() >= end { return }
            if !quiet { Self.note(Self.summary(collector)) }
        }
    }

    private static func summary(_ collector: Collector) -> String {
        let counts = collector.counts, written = collector.recorderCounts
        return "\(counts.messages) messages, \(written.writtenBytes) bytes written, \(counts.snapshots) snapshots, \(counts.gaps) gaps, "
            + "\(counts.duplicates) repeated, \(counts.connectionFailures) connections lost, \(counts.unreadable) unreadable, "
            + "\(written.droppedLines) lines lost"
    }

    private static func note(_ text: String) { FileHandle.standardError.write(Data("hbt collect: \(text)\n".utf8)) }

    private static func catchSignals() -> DispatchSemaphore {
        let caught = DispatchSemaphore(value: 0)
        for number in [SIGTERM, SIGINT, SIGHUP] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { caught.signal() }
            source.resume()
            sources.append(source)
        }
        return caught
    }

    /// Kept for as long as the process lives; written once, before anything else runs.
    nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []
}
