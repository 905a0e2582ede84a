import HBTConfig
import HBTEngine
import HBTTypes

/// `hbt sweep`: many parameter sets over the same market, in one pass a thread.
struct SweepCommand {
    var settingsFile: String
    var grid: SweepGrid
    var overrides: [String]
    var limit = RunLimit()
    var threads: Int
    var output: String?
    var out: String?
    var force: Bool
    var isQuiet: Bool
    var asJSON: Bool
    var replay = ReplaySettings()

    func run(_ session: Session) throws {
        let sets = grid.sets
        let plans = try sets.map { set in
            try RunPlan(
                file: settingsFile,
                overrides: overrides.map { SettingArgument($0) } + zip(grid.axes, set).map { SettingArgument("\($0.key)=\($1)", option: "--grid") },
                registry: session.strategies)
        }
        if let output {
            let inputs = plans.flatMap { $0.inputs.map(\.path) } + [settingsFile]
            try OutputPlace.check(output, force: force, inputs: inputs, suffixes: SweepTable.suffixes)
        }
        var results = try CachedTapeDamage.recovering({ if !isQuiet { session.console.note($0) } }) {
            try session.interrupt.endingCleanly { try play(plans, session) }
        }
        for i in results.indices { results[i].parameters = sets[i] }
        let table = SweepTable(grid: grid, results: results)
        if let output {
            try table.write(to: output)
            if !asJSON { session.console.out("\(output): \(results.count) parameter sets") }
        }
        if let out { try writeRuns(plans, results, to: out, session) }
        if asJSON { session.console.out(String(try table.json.dropLast())) } else if output == nil { session.console.out(table.text) }
    }

    /// Sets are dealt out over the threads in turn; which thread plays one decides nothing.
    private func play(_ plans: [RunPlan], _ session: Session) throws -> [SweepResult] {
        let slices = (0..<min(threads, plans.count)).map { _ in SweepSlice() }
        for (number, plan) in plans.enumerated() {
            try slices[number % slices.count].add(number, plan, replay, session: session, isQuiet: isQuiet)
        }
        let progress = Progress(session.console, quiet: isQuiet, unit: "rows", total: slices.first?.rowsTotal)
        defer { progress.end() }
        for slice in slices { slice.start(untilNs: limit.untilNs ?? .max) }
        var isStopped = false
        for slice in slices {
            while case let (rows, isDone) = slice.look(), !isDone {
                progress.update(rows)
                if session.interrupt.isRequested && !isStopped {
                    isStopped = true
                    for slice in slices { slice.cancel() }
                }
            }
        }
        if isStopped { throw VerbExit(ExitStatus.interrupted) }
        for slice in slices { try slice.throwFailure() }
        return slices.flatMap(\.results).sorted { $0.number < $1.number }.map(\.result)
    }

    /// A folder like that of `hbt backtest` for each set: each is played once more, alone.
    private func writeRuns(_ plans: [RunPlan], _ results: [SweepResult], to folder: String, _ session: Session) throws {
        _ = try FileTree.makeFolders(folder)
        for (number, plan) in plans.enumerated() {
            // A strategy that has run is not a fresh one.
            let fresh = try RunPlan(text: plan.configText, name: settingsFile, registry: session.strategies)
            let name = "\(number)-\(results[number].digest)"
            let partial = try PartialFolder(in: folder, name: name, interrupt: session.interrupt)
            do {
                let result = try BacktestJob(plan: fresh, limit: limit, replay: replay, session: session).run(into: partial.path)
                guard result.manifest.digest == results[number].digest else {
                    throw CommandError("set \(number): alone it gives \(result.manifest.digest), in the sweep \(results[number].digest); please report this")
                }
                _ = try partial.place(at: FileTree.join(folder, name), force: force)
            } catch {
                partial.discard()
                throw error
            }
        }
    }
}
