import HBTConfig

/// `hbt backtest`: runs, places the folder, prints.
struct BacktestCommand {
    /// nil: the settings of the snapshot.
    var settingsFile: String?
    var overrides: [String]
    var limit: RunLimit
    /// A snapshot, a folder of them, or a run that has one.
    var resume: String?
    var snapshots = SnapshotSchedule()
    var out: String?
    var force: Bool
    var isQuiet: Bool
    var asJSON: Bool
    var replay = ReplaySettings.rows

    func run(_ session: Session) throws {
        let (result, target, placement) = try CachedTapeDamage.recovering({ if !isQuiet { session.console.note($0) } }) {
            let (plan, start, replay) = try plan(session)
            if let out { try PartialFolder.check(out) }
            return try session.interrupt.endingCleanly { try make(plan, start, replay, session) }
        }
        if !isQuiet {
            for warning in result.warnings { session.console.note("warning: \(warning)") }
            if placement == .alreadyThere { session.console.note("\(target) holds this run already, byte for byte") }
        }
        session.console.out(try asJSON ? json(result, target) : text(result, target))
        if result.manifest.interrupted {
            session.console.note("interrupted after \(result.manifest.counts.steps) steps; \(target) holds the run so far")
            if result.isSaved {
                session.console.note("go on with: hbt backtest --resume \(target)")
                if session.interrupt.isTermination { return }
            }
            throw VerbExit(ExitStatus.interrupted)
        }
    }

    private func make(
        _ plan: RunPlan, _ start: RunStart, _ replay: ReplaySettings, _ session: Session
    ) throws -> (result: RunResult, target: String, placement: PartialFolder.Placement) {
        let (parent, name) = out.map(FileTree.split) ?? ("runs", plan.settings.name)
        if !isQuiet { noteLeftovers(parent, name, session) }
        let partial = try PartialFolder(in: parent, name: name, interrupt: session.interrupt)
        do {
            let job = BacktestJob(
                plan: plan, limit: limit, isQuiet: isQuiet, canEndEarly: true,
                snapshots: snapshots.completed(by: plan.factors?.production), start: start, replay: replay,
                session: session
            )
            let result = try job.run(into: partial.path)
            let target = out ?? "runs/\(name)-\(result.manifest.digest)"
            return (result, target, try partial.place(at: target, force: force))
        } catch let error where error is CachedTapeDamage || error is VerbExit {
            partial.discard()
            throw error
        } catch {
            partial.discard()
            throw CommandError(ErrorLine.text(error).replacing(partial.path, with: out ?? "runs/\(name)"))
        }
    }

    /// A run that was killed leaves its folder and its snapshots behind: they are worth going on from.
    private func noteLeftovers(_ parent: String, _ name: String, _ session: Session) {
        for left in FileTree.names(in: parent) ?? [] where left.hasPrefix(".\(name).partial-") {
            let path = FileTree.join(parent, left)
            guard !SnapshotFolder(path: FileTree.join(path, SnapshotFolder.name)).files.isEmpty else { continue }
            session.console.note("\(path) was left by a run that did not end, unless it is still running; go on with --resume \(path), or remove it")
        }
    }

    private func plan(_ session: Session) throws -> (RunPlan, RunStart, ReplaySettings) {
        guard let resume else {
            guard let settingsFile else { throw CommandError("name a settings file, or a snapshot with --resume") }
            return (try RunPlan(file: settingsFile, overrides: overrides.map { SettingArgument($0) }, registry: session.strategies), .beginning, replay)
        }
        let (snapshot, folder) = try SnapshotFolder.find(resume) { if !isQuiet { session.console.note($0) } }
        try snapshot.checkInputs()
        if let settingsFile {
            let given = try RunPlan(file: settingsFile, registry: session.strategies).configText
            guard given == snapshot.description.settings else {
                let difference = Self.firstDifference(given, snapshot.description.settings)
                throw CommandError(
                    "\(resume): taken with other settings than \(settingsFile) (\(difference)); use --set to go on with changed ones")
            }
        }
        let base = try RunPlan(text: snapshot.description.settings, name: resume, registry: session.strategies)
        let plan = overrides.isEmpty ? base : try RunPlan(
            text: snapshot.description.settings, name: resume, overrides: overrides.map { SettingArgument($0) }, registry: session.strategies)
        let changes = plan.configText == base.configText ? [] : overrides
        let bound = try replay.bound(to: snapshot.description.replayMode, place: resume)
        return (plan, .snapshot(snapshot, folder: folder, changes: changes), bound)
    }

    /// The first line in which two texts differ.
    private static func firstDifference(_ a: String, _ b: String) -> String {
        let (x, y) = (a.split(separator: "\n"), b.split(separator: "\n"))
        for (line, other) in zip(x, y) where line != other { return "\(line), and the snapshot has \(other)" }
        return x.count > y.count ? "\(x[y.count])" : y.count > x.count ? "the snapshot has \(y[x.count])" : "no difference"
    }

    private func text(_ result: RunResult, _ target: String) -> String {
        "\(result.report.table())\n\ndigest  \(result.manifest.digest)\nreport  \(target)/\(RunFiles.report)"
    }

    private func json(_ result: RunResult, _ target: String) throws -> String {
        let head = try JSONFile.text(RunPointer(run: target, report: "\(target)/\(RunFiles.report)", interrupted: result.manifest.interrupted))
        let summary = result.report.summaryJSON(digest: result.manifest.digest)
        // Both are objects; the summary becomes the last member of the first.
        return head.dropLast(3) + ",\n  \"summary\" : " + summary.dropLast().replacing("\n", with: "\n  ") + "\n}"
    }
}

/// Where a run stands.
private struct RunPointer: Encodable {
    var run: String
    var report: String
    var interrupted: Bool
}
