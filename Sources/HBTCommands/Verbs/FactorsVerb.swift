import ArgumentParser
import HBTEngine
import HBTTypes

struct FactorsVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "factors",
        abstract: "Compute the values of a factor graph over recorded market data.",
        discussion: """
            Plays the data through the same graph code as a backtest and writes a table: local_ns, exchange_ns, \
            mid, then a column for each node in the order of the file (a production file's combination is the \
            column combined). The settings are a graph file, a production file, or a strategy's settings with a graph.

            Example:  hbt factors strategies/factors.toml --data data/btcusdt-sample.npz -o factors.parquet --every 1s

            --check-causality changes everything after random times and proves that no earlier value changes.

            Exit status: 0 done; 1 a value depends on later data; 2 bad input or settings; 130 interrupted.
            """
    )

    @Argument(help: "Settings with a factor graph (TOML); docs/settings.md explains the keys.")
    var config: String
    @Option(parsing: .upToNextOption, help: ArgumentHelp(
        "Market data of the graph's instrument in order (.npz, .npy, collector .gz, or one .tape); SYMBOL=FILE for other instruments.", valueName: "file"))
    var data: [String] = []
    @Option(name: [.short, .customLong("output")], help: "The table to write; .parquet, .npz or .csv.")
    var output: String?
    @Option(help: ArgumentHelp("A row at each multiple of this since 1970, such as 1s.", valueName: "duration"))
    var every: String?
    @Flag(help: "A row after every message (the default).")
    var perEvent = false
    @Flag(help: "A row after every message that has changed a value.")
    var onChange = false
    @Option(help: ArgumentHelp("A strategy's step at each multiple of this since 1970, for nodes with clock = \"step\".", valueName: "duration"))
    var step: String?
    @Option(help: "The graph's instrument, instead of the file's.")
    var symbol: String?
    @Option(help: ArgumentHelp("Smallest price step, quote currency; SYMBOL=SIZE for other instruments.", valueName: "size"))
    var tickSize: [String] = []
    @Option(help: ArgumentHelp("Smallest quantity step, base currency; SYMBOL=SIZE for other instruments.", valueName: "size"))
    var lotSize: [String] = []
    @Option(help: ArgumentHelp("How depth is kept: hash, or roi:LOWER,UPPER (a dense array between two prices).", valueName: "kind"))
    var book: String?
    @Option(help: ArgumentHelp("An event file with the book at the start; SYMBOL=FILE for other instruments.", valueName: "file"))
    var initialSnapshot: [String] = []
    @Option(name: .customLong("set"), help: ArgumentHelp("Change one setting; may be repeated.", valueName: "key=value"))
    var overrides: [String] = []
    @Flag(help: "Prove that no value depends on later data.")
    var checkCausality = false
    @Option(help: "Of the random times of --check-causality.")
    var seed: UInt64 = 1
    @Option(help: "Random times that --check-causality tries.")
    var trials = 10
    @OptionGroup var replay: ReplayOptions
    @Flag(help: "Replace the output if it exists.")
    var force = false
    @Flag(help: "No progress and no notes.")
    var quiet = false

    func run() throws {
        let session = Session.current
        let sampling = try sampling()
        let stepEveryNs = try step.map { try DurationArgument.ns($0, "--step") }
        if let step, let stepEveryNs, stepEveryNs <= 0 { throw CommandError("--step \(step): must be longer than nothing") }
        var replay = try replay.settings(session)
        replay.makesTapes = false
        if output == nil && !checkCausality { throw CommandError("name the table to write with -o FILE (.parquet, .npz or .csv)") }
        guard trials > 0 else { throw CommandError("--trials \(trials): must be at least 1") }
        let plan = try FactorPlan(file: config, options: options(), strategies: session.strategies)
        let files = plan.assets.flatMap { $0.dataFiles + ($0.initialSnapshotFile.map { [$0] } ?? []) }
        if let output { try OutputPlace.check(output, force: force, inputs: files + [config], suffixes: FactorTable.suffixes) }
        if checkCausality {
            let check = CausalityCheck(plan: plan, sampling: sampling, stepEveryNs: stepEveryNs, seed: seed, trials: trials, session: session, isQuiet: quiet)
            switch try check.run() {
            case .causal(let rows): session.console.out("causal: \(trials) random times (seed \(seed)), \(rows) rows compared, no value depends on later data")
            case .leak(let leak):
                session.console.out("not causal: \(leak)")
                throw VerbExit(ExitStatus.difference)
            }
        }
        guard let output else { return }
        let done = try CachedTapeDamage.recovering({ if !quiet { session.console.note($0) } }) {
            try FactorJob(plan: plan, sampling: sampling, stepEveryNs: stepEveryNs, replay: replay, session: session, isQuiet: quiet).run(to: output)
        }
        if !quiet { for warning in done.warnings { session.console.note("warning: \(warning)") } }
        session.console.out("\(output): \(done.samples) rows of \(plan.definition.columns.count) factors, from \(done.rows) rows of data")
    }

    private func sampling() throws -> FactorSampling {
        guard (every == nil ? 0 : 1) + (perEvent ? 1 : 0) + (onChange ? 1 : 0) <= 1 else {
            throw CommandError("--every, --per-event and --on-change: choose one")
        }
        if let every {
            let ns = try DurationArgument.ns(every, "--every")
            guard ns > 0 else { throw CommandError("--every \(every): must be longer than nothing") }
            return .every(ns: ns)
        }
        return onChange ? .change : .wave
    }

    private func options() throws -> FactorPlan.Options {
        var options = FactorPlan.Options()
        options.data = data.map(Self.file)
        options.snapshots = initialSnapshot.map(Self.file)
        options.tickSizes = try tickSize.map { try Self.size($0, "--tick-size") }
        options.lotSizes = try lotSize.map { try Self.size($0, "--lot-size") }
        options.book = try book.map(BookArgument.spec)
        options.overrides = overrides
        if let symbol {
            options.symbol = symbol
            if symbol.isEmpty { throw CommandError("--symbol: is empty") }
        }
        return options
    }

    /// `FILE` or `SYMBOL=FILE`; a path that exists as it is written is a path.
    private static func file(_ text: String) -> FactorPlan.Options.Given<String> {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex, !text[..<equals].contains("/"), FileTree.kind(text) == nil else {
            return .init(symbol: nil, value: text)
        }
        return .init(symbol: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
    }

    private static func size(_ text: String, _ option: String) throws -> FactorPlan.Options.Given<Double> {
        let equals = text.lastIndex(of: "=")
        let number = equals.map { text[text.index(after: $0)...] } ?? text[...]
        guard let value = Double(number), value > 0, value.isFinite else {
            throw CommandError("\(option) \(text): not a size; write a number above 0, such as 0.1")
        }
        return .init(symbol: equals.map { String(text[..<$0]) }, value: value)
    }
}
