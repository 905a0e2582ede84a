import ArgumentParser
import HBTEngine

struct SweepVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Run a strategy with many parameter sets in one pass over the data.",
        discussion: """
            All combinations of the grid's values are played side by side: the market is read once a thread. Every \
            set gives what hbt backtest gives with the same settings, to the last bit. The table has a row a set: \
            parameters, return, Sharpe and Sortino ratio, drawdown, turnover, fills, digest.

            Example:  hbt sweep strategies/obi-market-making.toml --grid half_spread=2:10:2 --grid c1=5,10,20 -o sweep.csv

            Exit status: 0 done; 2 bad input or settings; 130 interrupted.
            """
    )

    @Argument(help: "The settings file (TOML); docs/settings.md explains every key.")
    var settings: String
    @Option(help: ArgumentHelp(
        "Values of one setting: key=a,b,c or key=from:to:step; may be repeated. A key without a dot belongs to [strategy].", valueName: "key=values"))
    var grid: [String]
    @Option(name: .customLong("set"), help: ArgumentHelp("Change one setting of all sets; may be repeated.", valueName: "key=value"))
    var overrides: [String] = []
    @Option(help: ArgumentHelp("Stop before the first step after this moment: ISO 8601 in UTC, or nanoseconds.", valueName: "time"))
    var until: String?
    @Option(help: "Over how many threads the sets are spread; the results do not depend on it.")
    var threads = 1
    @Option(name: [.short, .customLong("output")], help: "The table to write; .csv or .parquet.")
    var output: String?
    @Option(help: ArgumentHelp("Also a run's folder for each set, as hbt backtest writes it (each is played once more).", valueName: "folder"))
    var out: String?
    @OptionGroup var replay: ReplayOptions
    @Flag(help: "Replace what stands in the way of the outputs.")
    var force = false
    @Flag(help: "No progress and no notes.")
    var quiet = false
    @Flag(help: "Print the table as JSON.")
    var json = false

    func run() throws {
        let limit = try RunLimit(until: until)
        guard threads >= 1, threads <= 1024 else { throw CommandError("--threads \(threads): write a number from 1 to 1024") }
        let session = Session.current
        try SweepCommand(
            settingsFile: settings, grid: try SweepGrid(grid), overrides: overrides, limit: limit, threads: threads, output: output, out: out,
            force: force, isQuiet: quiet, asJSON: json, replay: try replay.settings(session)
        ).run(session)
    }
}
