import ArgumentParser
import HBTCommands
import HBTEngine
import HBTTypes
import Logging

public struct RunCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "hbt run",
        abstract: "Run a strategy on the live feed.",
        discussion: """
            --paper (the default) plays the real feed and simulates the fills as a backtest does; --live sends real orders and \
            refuses to start without API keys (HBT_API_KEY and HBT_API_SECRET, or the file that venue.key_file names) and a \
            [risk] table. The folder runs/NAME-MODE-ID has the journal (hbt replay, hbt reconcile) from the start and the \
            results of a backtest at the end.

            Ctrl-C or SIGTERM cancels everything, proves it by the venue's list of open orders, writes the results and ends. \
            SIGUSR1, a file named "kill" in the run's folder, or hbt run --kill FOLDER does the same as an emergency.

            Example:  hbt run strategies/live.toml --paper

            Exit status: 0 ended in order; 1 ended by a kill switch, a limit or a failure, nothing is open; 2 bad settings, or \
            the venue cannot be reached at the start; 4 it could not be proven that nothing is open.
            """)

    @Argument(help: "The settings file (TOML) with a [venue] table; docs/settings.md explains every key.") var settings: String?
    @Flag(help: "Simulate the fills (the default).") var paper = false
    @Flag(help: "Send real orders.") var live = false
    @Option(help: "The folder of this run, instead of runs/NAME-MODE-ID.") var out: String?
    @Option(name: .customLong("set"), help: ArgumentHelp("Change one setting; may be repeated.", valueName: "key=value")) var overrides: [String] = []
    @Option(name: .customLong("for"), help: ArgumentHelp("End in order after so long, such as 1h.", valueName: "duration")) var duration: String?
    @Option(help: ArgumentHelp("Trust the certificates in this PEM file, and no others.", valueName: "file")) var ca: String?
    @Option(help: ArgumentHelp("A further file whose appearance kills the run.", valueName: "file")) var killFile: String?
    @Option(help: ArgumentHelp("Move the clock of hbt exchange --stepped by so much at a time, for sessions that repeat exactly.", valueName: "duration"))
    var stepped: String?
    @Option(help: "trace, debug, info, notice, warning, error or critical; logs go to standard error.") var logLevel = "info"
    @Option(help: ArgumentHelp("Kill the run with this folder, and wait for its end.", valueName: "folder")) var kill: String?

    public init() {}

    public func validate() throws {
        if paper && live { throw ValidationError("--paper and --live exclude each other") }
        if kill == nil && settings == nil { throw ValidationError("name a settings file") }
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError("--log-level \(logLevel): one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }

    public func run() async throws {
        if let kill { return try KillCommand.run(folder: kill) }
        guard let settings else { return }
        let level = Logger.Level(rawValue: logLevel) ?? .info
        var log = Logger(label: "hbt") { StreamLogHandler.standardError(label: $0) }
        log.logLevel = level
        let run = LiveRunner(
            settings: settings, overrides: overrides, isPaper: !live, out: out, durationNs: try Self.ns(duration, "--for"), caFile: ca, killFile: killFile,
            stepNs: try Self.ns(stepped, "--stepped"), log: log, strategies: RunMain.strategies)
        let status = try await run.run()
        if status != 0 { throw ExitCode(status) }
    }

    private static func ns(_ text: String?, _ option: String) throws -> Int64? {
        guard let text else { return nil }
        guard let ns = DurationText.parseNs(text), ns > 0 else {
            throw ValidationError("\(option) \(text): a duration with its unit expected, such as 500ms or 1h")
        }
        return ns
    }
}
