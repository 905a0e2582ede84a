import ArgumentParser
import HBTMarketData

struct ConvertVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Turn raw recordings of a venue into an event file.",
        discussion: """
            Reads collector files (gzip or plain text, in order of time, of one symbol) and writes the rows that \
            hbt and HftBacktest replay: receipt times corrected, in the order of both clocks.

            Venues: \(Venue.allCases.map(\.rawValue).joined(separator: ", ")).

            Example:  hbt convert binance-futures btcusdt_20240808.gz -o btcusdt_20240808.npz

            Exit status: 0 done; 2 bad input.
            """
    )

    @Argument(help: "The venue that the files were recorded from.")
    var venue: String
    @Argument(help: "Raw files, in order of time.")
    var input: [String]
    @Option(name: [.short, .customLong("output")], help: "The file to write; .npz or .npy.")
    var output: String
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
        let venue = try Venue(name: venue)
        var settings = ConvertOptions()
        settings.options = options.filter { !",+ ".contains($0) }
        settings.baseLatencyNs = try DurationArgument.ns(baseLatency, "--base-latency")
        settings.combinedStream = !noCombinedStream
        settings.skipBad = skipBad
        try OutputPlace.check(output, force: force, inputs: input)
        let activity = Activity(session.console, quiet: quiet, "reading \(input.count == 1 ? input[0] : "\(input.count) files")")
        defer { activity.end() }
        let source = try CollectorEventSource(paths: input, venue: venue, options: settings)
        activity.end()
        let rows = try EventCopy(session: session, isQuiet: quiet, total: Int64(source.report.rows)).run(source, to: output)
        session.console.out(json ? try source.report.json() : ConversionText.text(source.report, rows: rows, output: output))
    }
}
