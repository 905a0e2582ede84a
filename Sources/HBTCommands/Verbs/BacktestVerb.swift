import ArgumentParser

struct BacktestVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Run a strategy over recorded market data.",
        discussion: """
            Writes runs/NAME-DIGEST/ with records.npz, fills.csv, orders.csv, summary.json, report.html, \
            config.toml, manifest.json and host.json. All but host.json are the same bytes in every run of \
            the same settings and data. The first Ctrl-C ends the run and keeps what it has so far, a second \
            one drops it.

            Example:  hbt backtest strategies/obi-market-making.toml --set strategy.half_spread=40 --until 2024-08-08T12:00

            With --snapshot-every or --snapshot-at the whole run is saved on its way, also when SIGTERM ends it; \
            a resumed run leaves the same bytes as one that was never stopped:

            hbt backtest strategies/obi-market-making.toml --snapshot-every 60s
            hbt backtest --resume runs/obi-market-making-… --set strategy.half_spread=40

            Exit status: 0 done; 2 bad input or settings; 130 interrupted.
            """
    )

    @Argument(help: "The settings file (TOML); docs/settings.md explains every key.")
    var settings: String?
    @Option(help: ArgumentHelp("Go on from a snapshot, or from the newest good one of a run's folder; --set makes it a fork.", valueName: "snapshot"))
    var resume: String?
    @Option(help: ArgumentHelp("Save the whole run every so much simulated time, such as 60s, into its snapshots folder.", valueName: "duration"))
    var snapshotEvery: String?
    @Option(help: ArgumentHelp("Save the whole run at this moment; may be repeated.", valueName: "time"))
    var snapshotAt: [String] = []
    @Option(help: ArgumentHelp("Keep only so many snapshots, the newest; otherwise all.", valueName: "count"))
    var maxSnapshots: Int?
    @Option(help: "The folder of this run, instead of runs/NAME-DIGEST.")
    var out: String?
    @Option(name: .customLong("set"), help: ArgumentHelp("Change one setting; may be repeated.", valueName: "key=value"))
    var overrides: [String] = []
    @Option(help: "The name of the run, instead of the settings file's.")
    var name: String?
    @Option(help: ArgumentHelp("Stop before the first step after this moment: ISO 8601 in UTC, or nanoseconds.", valueName: "time"))
    var until: String?
    @OptionGroup var replay: ReplayOptions
    @Flag(help: "Replace a different run that stands in the same folder.")
    var force = false
    @Flag(help: "No progress and no notes.")
    var quiet = false
    @Flag(help: "Print the summary as JSON.")
    var json = false

    func run() throws {
        let limit = try RunLimit(until: until)
        var snapshots = SnapshotSchedule(
            everyNs: try snapshotEvery.map { try DurationArgument.ns($0, "--snapshot-every") }, keeps: maxSnapshots)
        snapshots.atNs = try snapshotAt.map { try TimeText.ns($0, option: "--snapshot-at") }
        if let everyNs = snapshots.everyNs, everyNs <= 0 { throw CommandError("--snapshot-every: must be longer than nothing") }
        if let keeps = snapshots.keeps, keeps < 1 { throw CommandError("--max-snapshots \(keeps): keep at least one") }
        let names = name.map { ["name=\(SettingQuote.toml($0))"] } ?? []
        let session = Session.current
        var replaying = try replay.settings(session)
        replaying.makesTapes = until == nil
        try BacktestCommand(
            settingsFile: settings, overrides: overrides + names, limit: limit, resume: resume, snapshots: snapshots, out: out,
            force: force, isQuiet: quiet, asJSON: json, replay: replaying
        ).run(session)
    }
}
