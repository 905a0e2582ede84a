import ArgumentParser
import Foundation
import HBTChannels
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

            One connector may serve several bots, each a process of its own with its own symbols, through shared memory \
            (a build with the trait Iceoryx, and the daemon iox-roudi):

            hbt run a.toml b.toml --live --serve desk      hbt run a.toml --live --via desk      hbt run b.toml --live --via desk

            Exit status: 0 ended in order; 1 ended by a kill switch, a limit or a failure, nothing is open; 2 bad settings, or \
            the venue cannot be reached at the start; 4 it could not be proven that nothing is open.
            """)

    @Argument(help: "The settings file (TOML) with a [venue] table; docs/settings.md explains every key. Several with --serve.") var settings: [String] = []
    @Flag(help: "Simulate the fills (the default).") var paper = false
    @Flag(help: "Send real orders.") var live = false
    @Option(help: "The folder of this run, instead of runs/NAME-MODE-ID.") var out: String?
    @Option(name: .customLong("set"), help: ArgumentHelp("Change one setting; may be repeated.", valueName: "key=value")) var overrides: [String] = []
    @Option(name: .customLong("for"), help: ArgumentHelp("End in order after so long, such as 1h.", valueName: "duration")) var duration: String?
    @Option(help: ArgumentHelp("Trust the certificates in this PEM file, and no others.", valueName: "file")) var ca: String?
    @Option(help: ArgumentHelp("A further file whose appearance kills the run.", valueName: "file")) var killFile: String?
    @Option(help: ArgumentHelp("Move the clock of hbt exchange --stepped by so much at a time, for sessions that repeat exactly.", valueName: "duration"))
    var stepped: String?
    @Option(help: "Serve a page, /metrics and /health on this port of 127.0.0.1; the token of its kill button is in the run's folder.") var observe: Int?
    @Option(help: "trace, debug, info, notice, warning, error or critical; logs go to standard error.") var logLevel = "info"
    @Option(help: ArgumentHelp("Publish market rows, factor values and the account over ZeroMQ, such as tcp://127.0.0.1:5556.", valueName: "endpoint"))
    var publish: String?
    @Flag(help: "What is published may be read by other machines; it is not encrypted.") var publishOpenly = false
    @Option(help: ArgumentHelp("Be the connector of bots: one for each settings file, over shared memory of this name.", valueName: "channel"))
    var serve: String?
    @Option(help: ArgumentHelp("Be a bot: decide behind the connector that serves this channel, without sockets.", valueName: "channel"))
    var via: String?
    @Option(help: ArgumentHelp("Kill the run with this folder, and wait for its end.", valueName: "folder")) var kill: String?

    public init() {}

    public func validate() throws {
        if paper && live { throw ValidationError("--paper and --live exclude each other") }
        if kill == nil && settings.isEmpty { throw ValidationError("name a settings file") }
        if serve != nil && via != nil { throw ValidationError("--serve and --via exclude each other") }
        if settings.count > 1 && serve == nil { throw ValidationError("only a connector (--serve) takes several settings files") }
        if settings.count > 1 && out != nil { throw ValidationError("--out is the folder of one run; leave it out with several settings files") }
        if publish != nil && (settings.count > 1 || via != nil) { throw ValidationError("--publish is for one run with its sockets; leave it out here") }
        if stepped != nil && (serve != nil || via != nil) { throw ValidationError("--stepped is for runs in one process") }
        if let observe, !(0...65_535).contains(observe) { throw ValidationError("--observe \(observe): a port from 0 to 65535 expected") }
        if observe != nil && (settings.count > 1 || via != nil) { throw ValidationError("--observe shows one run with its sockets; leave it out here") }
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError("--log-level \(logLevel): one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }

    public func run() async throws {
        if let kill { return try KillCommand.run(folder: kill) }
        let level = Logger.Level(rawValue: logLevel) ?? .info
        var log = Logger(label: "hbt") { StreamLogHandler.standardError(label: $0) }
        log.logLevel = level
        let status = via == nil ? try await start(log) : try bot(log)
        if status != 0 { throw ExitCode(status) }
    }

    /// The run, or one for each bot of a connector, all in this process.
    private func start(_ log: Logger) async throws -> Int32 {
        if serve != nil {
            try Connector.check(settings, overrides: overrides, isPaper: !live, strategies: RunMain.strategies)
            try SharedMemory.join("hbt-connector-\(ProcessInfo.processInfo.processIdentifier)")
        }
        let durationNs = try Self.ns(duration, "--for"), stepNs = try Self.ns(stepped, "--stepped")
        let runs = settings.map {
            LiveRunner(
                settings: $0, overrides: overrides, isPaper: !live, out: out, durationNs: durationNs, caFile: ca, killFile: killFile, stepNs: stepNs,
                observePort: observe, log: log, strategies: RunMain.strategies, channel: serve,
                publishing: publish.map { ($0, publishOpenly) })
        }
        return try await withThrowingTaskGroup(of: Int32.self) { group in
            for run in runs { group.addTask { try await run.run() } }
            var worst: Int32 = 0
            do {
                while let status = try await group.next() { worst = max(worst, status) }
            } catch {
                // One that cannot start ends the others in order.
                StopSwitch.raise(.end)
                while let status = try? await group.next() { worst = max(worst, status) }
                throw error
            }
            return worst
        }
    }

    private func bot(_ log: Logger) throws -> Int32 {
        try BotRunner(
            settings: settings[0], overrides: overrides, isPaper: !live, channel: via ?? "", out: out, durationNs: try Self.ns(duration, "--for"),
            log: log, strategies: RunMain.strategies
        ).run()
    }

    private static func ns(_ text: String?, _ option: String) throws -> Int64? {
        guard let text else { return nil }
        guard let ns = DurationText.parseNs(text), ns > 0 else {
            throw ValidationError("\(option) \(text): a duration with its unit expected, such as 500ms or 1h")
        }
        return ns
    }
}
