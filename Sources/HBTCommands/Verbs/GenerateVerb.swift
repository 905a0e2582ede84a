import ArgumentParser
import HBTMarketData

struct GenerateVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Write synthetic market data.",
        discussion: """
            A seeded market maker's playground: the same seed and parameters give the same bytes on any machine. \
            It resembles a liquid perpetual future; it is no substitute for recorded data.

            Example:  hbt generate -o sample.npz --seed 7 --duration 10m

            Exit status: 0 done; 2 bad parameters.
            """
    )

    @Option(name: [.short, .customLong("output")], help: "The file to write; .npz or .npy.")
    var output: String
    @Option(help: "Chooses the market.")
    var seed: UInt64 = 1
    @Option(help: "How long, such as 10m or 24h.")
    var duration: String = "10m"
    @Option(help: ArgumentHelp("When it starts: ISO 8601 in UTC, or nanoseconds.", valueName: "time"))
    var start: String = "2024-08-07"
    @Option(help: ArgumentHelp("Smallest price step, quote currency.", valueName: "price"))
    var tickSize: Double = 0.1
    @Option(help: ArgumentHelp("Smallest quantity step, base currency.", valueName: "quantity"))
    var lotSize: Double = 0.001
    @Option(help: ArgumentHelp("Price at the start, quote currency.", valueName: "price"))
    var startPrice: Double = 60_000
    @Option(help: ArgumentHelp("Standard deviation of a day's return.", valueName: "share"))
    var volatility: Double = 0.02
    @Option(help: ArgumentHelp("Rows a second, about.", valueName: "rows"))
    var rowsPerSecond: Double = 700
    @Option(help: ArgumentHelp("Market orders a second, about.", valueName: "orders"))
    var ordersPerSecond: Double = 12
    @Option(help: ArgumentHelp("Smallest feed latency, such as 2500us.", valueName: "duration"))
    var latency: String = "2500us"
    @Option(help: ArgumentHelp("Mean of what varies in the feed latency.", valueName: "duration"))
    var jitter: String = "1ms"
    @Flag(help: "Replace the output if it exists.")
    var force = false
    @Flag(help: "No progress.")
    var quiet = false

    func run() throws {
        let session = Session.current
        try OutputPlace.check(output, force: force)
        var parameters = MarketParameters()
        parameters.seed = seed
        parameters.durationNs = try DurationArgument.ns(duration, "--duration")
        parameters.startNs = try TimeText.ns(start, option: "--start")
        parameters.tickSize = tickSize
        parameters.lotSize = lotSize
        parameters.startPrice = startPrice
        parameters.volatilityPerDay = volatility
        parameters.rowsPerSecond = rowsPerSecond
        parameters.ordersPerSecond = ordersPerSecond
        parameters.latencyNs = try DurationArgument.ns(latency, "--latency")
        parameters.jitterNs = try DurationArgument.ns(jitter, "--jitter")
        let expected = Double(parameters.durationNs) / 1e9 * rowsPerSecond
        let rows = try EventCopy(session: session, isQuiet: quiet, total: expected < 1e15 ? Int64(expected) : nil)
            .run(MarketGenerator(parameters), to: output)
        session.console.out("rows     \(rows)\nwritten  \(output)")
    }
}
