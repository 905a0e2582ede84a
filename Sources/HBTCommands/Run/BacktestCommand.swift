/// `hbt backtest`: runs, places the folder, prints.
struct BacktestCommand {
    var settingsFile: String
    var overrides: [String]
    var limit: RunLimit
    var out: String?
    var force: Bool
    var isQuiet: Bool
    var asJSON: Bool

    func run(_ session: Session) throws {
        let plan = try RunPlan(file: settingsFile, overrides: overrides, registry: session.strategies)
        if let out { try PartialFolder.check(out) }
        let (result, target, placement) = try session.interrupt.endingCleanly { try make(plan, session) }
        if !isQuiet {
            for warning in result.warnings { session.console.note("warning: \(warning)") }
            if placement == .alreadyThere { session.console.note("\(target) holds this run already, byte for byte") }
        }
        session.console.out(try asJSON ? json(result, target) : text(result, target))
        if result.manifest.interrupted {
            session.console.note("interrupted after \(result.manifest.counts.steps) steps; \(target) holds the run so far")
            throw VerbExit(ExitStatus.interrupted)
        }
    }

    private func make(
        _ plan: RunPlan, _ session: Session
    ) throws -> (result: RunResult, target: String, placement: PartialFolder.Placement) {
        let (parent, name) = out.map(FileTree.split) ?? ("runs", plan.settings.name)
        let partial = try PartialFolder(in: parent, name: name, interrupt: session.interrupt)
        do {
            let job = BacktestJob(plan: plan, limit: limit, isQuiet: isQuiet, canEndEarly: true, session: session)
            let result = try job.run(into: partial.path)
            let target = out ?? "runs/\(name)-\(result.manifest.digest)"
            return (result, target, try partial.place(at: target, force: force))
        } catch {
            partial.discard()
            throw CommandError(ErrorLine.text(error).replacing(partial.path, with: out ?? "runs/\(name)"))
        }
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
