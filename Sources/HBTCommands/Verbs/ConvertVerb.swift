import ArgumentParser
import HBTMarketData

struct ConvertVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Turn raw recordings of a venue into an event file, or either into a tape.",
        discussion: """
            Reads collector files (gzip or plain text, in order of time, of one symbol) and writes the rows that \
            hbt and HftBacktest replay: receipt times corrected, in the order of both clocks.

            Venues: \(Venue.allCases.map(\.rawValue).joined(separator: ", ")).

            Example:  hbt convert binance-futures btcusdt_20240808.gz -o btcusdt_20240808.npz

            A name that ends in .tape makes a compiled tape, which a backtest with the same settings replays at \
            once; VENUE events takes event files (.npz, .npy) instead of recordings:

            hbt convert events btcusdt_20240808.npz -o btcusdt_20240808.tape --settings strategies/obi-market-making.toml

            Exit status: 0 done; 2 bad input.
            """
    )

    @Argument(help: "The venue that the files were recorded from, or events.")
    var venue: String
    @Argument(help: "Raw files, in order of time.")
    var input: [String]
    @Option(name: [.short, .customLong("output")], help: "The file to write; .npz, .npy or .tape.")
    var output: String
    @OptionGroup(title: "Tape options") var tape: TapeOptions
    @Option(help: ArgumentHelp("Also keep t (best bid and ask) and m (mark price, index price, funding).", valueName: "t,m"))
    var options: String = ""
    @Option(help: ArgumentHelp("The smallest feed latency after correction: a duration such as 1ms, or nanoseconds.", valueName: "ns"))
    var baseLatency: String = "0"
    @Flag(help: "The messages stand alone, without the wrapper of combined streams.")
    var noCombinedStream = false
    @Flag(help: "Leave out damaged lines and count them, instead of stopping.")
    var skipBad = false
    @Flag(help: "Replace the output if it exists.")
    var force = false
    @Flag(help: "No progress.")
    var quiet = false
    @Flag(help: "Print what was read and left out as JSON.")
    var json = false

    func run() throws {
        let session = Session.current
        try OutputPlace.check(output, force: force, inputs: input, suffixes: [".npz", ".npy", AssetTape.suffix])
        let target = output.hasSuffix(AssetTape.suffix) ? try tape.target(session) : nil
        if target == nil, tape.areGiven { throw CommandError("\(output): only a tape is made for settings; name it .tape, or leave out the tape options") }
        if venue == Self.eventFiles {
            try copyEvents(target, session)
        } else {
            try convert(target, session)
        }
    }

    /// VENUE of files that are event files already.
    static let eventFiles = "events"

    private func copyEvents(_ target: TapeTarget?, _ session: Session) throws {
        guard let target else { throw CommandError("\(output): event files become a tape; name it .tape") }
        if let raw = input.first(where: EventFiles.isRecording) { throw CommandError("\(raw): is a recording; name its venue instead of events") }
        let source = AssetEventSource(input, log: ReadLog())
        let total = source.rowsTotal
        let rows = try target.write(PrefetchingEventSource(source), total: total, to: output, session: session, isQuiet: quiet)
        session.console.out(json ? try JSONFile.text(["rows": rows]) : "rows       \(rows)\nwritten    \(output)")
    }

    private func convert(_ target: TapeTarget?, _ session: Session) throws {
        let venue = try Venue(name: venue)
        var settings = ConvertOptions()
        settings.options = options.filter { !",+ ".contains($0) }
        settings.baseLatencyNs = try DurationArgument.ns(baseLatency, "--base-latency")
        settings.combinedStream = !noCombinedStream
        settings.skipBad = skipBad
        let activity = Activity(session.console, quiet: quiet, "reading \(input.count == 1 ? input[0] : "\(input.count) files")")
        defer { activity.end() }
        let source = try CollectorEventSource(paths: input, venue: venue, options: settings)
        activity.end()
        let report = source.report
        let total = Int64(report.rows)
        let rows = if let target {
            try target.write(PrefetchingEventSource(source), total: total, to: output, session: session, isQuiet: quiet)
        } else {
            try EventCopy(session: session, isQuiet: quiet, total: total).run(source, to: output)
        }
        session.console.out(json ? try report.json() : ConversionText.text(report, rows: rows, output: output))
    }
}
