import HBTEngine
import HBTTypes

/// One run of a strategy from its plan to a folder full of files.
struct BacktestJob {
    /// Steps between two looks at progress, output and signals. A constant: markouts of fills that the
    /// engine no longer keeps would otherwise depend on it.
    private static let sliceSteps = 256
    /// Steps in a row at one moment of simulated time after which a strategy is said to hang.
    private static let mostStepsAtOneTime = 100_000

    let plan: RunPlan
    var limit = RunLimit()
    var isQuiet = true
    /// Ctrl-C ends the run and keeps what it has, instead of dropping it.
    var canEndEarly = false
    let session: Session

    /// - Parameter folder: exists and is empty; gets every file.
    func run(into folder: String) throws -> RunResult {
        let digests = InputDigests(plan.inputs.map(\.path))
        defer { digests.cancel() }
        try WholeFile.write(plan.configText, to: "\(folder)/\(RunFiles.config)")
        let outputs = try RunOutputs(folder: folder, settings: plan.settings, configText: plan.configText)
        let assets = try RunAssets(plan.settings)
        let backtest = try Backtest(assets: assets.inputs, compatibility: plan.settings.compatibility)
        backtest.keepsFills = true
        backtest.keepsOrders = true
        let run = StrategyRun(backtest, strategy: plan.strategy, record: plan.settings.record)
        let replay = try play(run, outputs: outputs, assets: assets)
        try check(run, assets)
        try outputs.finish(folder: folder, digest: backtest.digest.hex)

        var manifest = Manifest(
            name: plan.settings.name, strategy: plan.settings.strategyType, compatibility: plan.settings.compatibility.rawValue,
            digest: backtest.digest.hex, settingsSHA256: Array(plan.configText.utf8).withUnsafeBytes { SHA256.hex($0) }, inputs: [],
            counts: Manifest.Counts(
                rows: backtest.rowsRead, steps: run.steps, records: outputs.recordCount, requests: backtest.requestCount,
                responses: backtest.responseCount, fills: backtest.fillCount),
            span: outputs.span.map { Manifest.Span(firstNs: $0.firstNs, lastNs: $0.lastNs) },
            untilNs: limit.untilNs, interrupted: replay.isInterrupted, files: [])
        manifest.inputs = zip(plan.inputs, try digests.wait()).map { input, digest in
            Manifest.Input(asset: input.asset, role: input.role.rawValue, path: input.path, bytes: digest.bytes, sha256: digest.sha256)
        }
        for name in RunFiles.listed {
            let digest = try FileDigest.of("\(folder)/\(name)")
            manifest.files.append(Manifest.File(name: name, bytes: digest.bytes, sha256: digest.sha256))
        }
        try WholeFile.write(manifest.json, to: "\(folder)/\(RunFiles.manifest)")
        let seconds = HostFacts.Seconds(
            read: assets.logs.reduce(0) { $0 + $1.seconds }, tape: 0, replay: replay.seconds,
            report: outputs.elapsed.asSeconds, total: session.started.duration(to: .now).asSeconds)
        try WholeFile.write(JSONFile.text(HostFacts(seconds: seconds)), to: "\(folder)/\(RunFiles.host)")
        return RunResult(manifest: manifest, report: outputs.report, warnings: assets.logs.flatMap(\.warnings))
    }

    /// Plays to the end, draining as it goes.
    private func play(_ run: StrategyRun, outputs: RunOutputs, assets: RunAssets) throws -> (seconds: Double, isInterrupted: Bool) {
        // The first rows of collector files come once all of them have been read.
        let waits = plan.inputs.contains { $0.role == .data && $0.path.hasSuffix(".gz") }
        let activity = Activity(session.console, quiet: isQuiet || !waits, "reading collector files")
        defer { activity.end() }
        let progress = Progress(session.console, quiet: isQuiet, unit: "rows", total: assets.rowsTotal)
        defer { progress.end() }
        var elapsed = Duration.zero
        var isInterrupted = false
        var stepsAtOneTime = 0
        while true {
            var steps = Self.sliceSteps
            if let last = limit.interruptedAfterSteps { steps = Int(min(Int64(steps), last - run.steps)) }
            guard steps > 0 else { break }
            let before = run.backtest.nowNs
            let started = ContinuousClock.now
            let goesOn = run.advance(maxSteps: steps, untilNs: limit.untilNs ?? .max)
            elapsed += started.duration(to: .now)
            activity.end()
            try outputs.drain(run)
            guard goesOn else { break }
            progress.update(run.backtest.rowsRead)
            stepsAtOneTime = run.backtest.nowNs == before ? stepsAtOneTime + steps : 0
            guard stepsAtOneTime < Self.mostStepsAtOneTime else {
                throw CommandError("\(plan.settings.strategyType): \(stepsAtOneTime) steps without time passing, at \(before) ns; its wake must let time pass")
            }
            if canEndEarly && session.interrupt.isRequested {
                isInterrupted = true
                break
            }
        }
        try outputs.drain(run, isFinal: true)
        return (elapsed.asSeconds, isInterrupted || limit.interruptedAfterSteps != nil)
    }

    /// Refuses a run whose data failed, or that never got to do anything.
    private func check(_ run: StrategyRun, _ assets: RunAssets) throws {
        if let error = run.backtest.dataError {
            throw DataFailure.placed(error, log: assets.logs[run.backtest.dataErrorAsset ?? 0])
        }
        for (asset, log) in zip(plan.settings.assets, assets.logs) where log.rows == 0 {
            throw SettingsError(asset.dataLocation, "\(asset.spec.symbol): the data has no rows (\(asset.dataFiles.joined(separator: ", "))); convert it again")
        }
        guard run.steps == 0 else { return }
        if let until = limit.untilNs {
            throw CommandError("the strategy has no step up to \(until) ns; set --until later")
        }
        throw CommandError("\(plan.settings.file): the data ends before the strategy's first step; give more data, or a shorter interval")
    }
}
