import HBTDigest
import HBTEngine
import HBTMarketData
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
    var snapshots = SnapshotSchedule()
    var start = RunStart.beginning
    var replay = ReplaySettings.rows
    let session: Session

    /// - Parameter folder: exists and is empty; gets every file.
    func run(into folder: String) throws -> RunResult {
        let digests = InputDigests(plan.inputs.map(\.path), cache: replay.cache)
        defer { digests.cancel() }
        try WholeFile.write(plan.configText, to: "\(folder)/\(RunFiles.config)")
        let snapshotFolder = snapshots.isEmpty ? nil : SnapshotFolder(path: FileTree.join(folder, SnapshotFolder.name))
        if let snapshotFolder { _ = try FileTree.makeFolders(snapshotFolder.path) }
        let outputs = try RunOutputs(
            folder: folder, settings: plan.settings, configText: plan.configText,
            journal: try snapshotFolder.map { try OutputJournal(in: $0.path) })
        let prepared = try PreparedRun(plan, replay, session: session, isQuiet: isQuiet)
        let (run, assets) = (prepared.run, prepared.assets)
        let backtest = run.backtest
        let fork = try begin(prepared, outputs: outputs)
        let played = try play(run, outputs: outputs, assets: assets, snapshots: snapshotFolder)
        try check(run, assets)
        outputs.report.warmUp = run.warmUp
        if let warmup = plan.warmup, !warmup.tried.isEmpty { outputs.report.warmStart = (WarmStart.words(warmup), warmup.tried) }
        try outputs.finish(folder: folder, digest: backtest.digest.hex)

        var manifest = Manifest(
            name: plan.settings.name, strategy: plan.settings.strategyType, compatibility: plan.settings.compatibility.rawValue,
            digest: backtest.digest.hex, settingsSHA256: Array(plan.configText.utf8).withUnsafeBytes { SHA256.hex($0) }, inputs: [],
            counts: Manifest.Counts(
                rows: backtest.isDataPlayed ? backtest.rowsRead : nil, steps: run.steps, records: outputs.recordCount, requests: backtest.requestCount,
                responses: backtest.responseCount, fills: backtest.fillCount),
            span: outputs.span.map { Manifest.Span(firstNs: $0.firstNs, lastNs: $0.lastNs) },
            untilNs: limit.untilNs, interrupted: played.isInterrupted, fork: fork,
            warmStart: plan.warmup.map { Manifest.WarmStart(source: $0.source.rawValue, tried: $0.tried) }, files: [])
        manifest.inputs = zip(plan.inputs, try digests.wait()).map { input, digest in
            Manifest.Input(asset: input.asset, role: input.role.rawValue, path: input.path, bytes: digest.bytes, sha256: digest.sha256)
        }
        for name in RunFiles.listed {
            let digest = try FileDigest.of("\(folder)/\(name)")
            manifest.files.append(Manifest.File(name: name, bytes: digest.bytes, sha256: digest.sha256))
        }
        try WholeFile.write(manifest.json, to: "\(folder)/\(RunFiles.manifest)")
        let seconds = HostFacts.Seconds(
            read: assets.logs.reduce(0) { $0 + $1.seconds }, tape: assets.facts.tapeSeconds, replay: played.seconds,
            report: outputs.elapsed.asSeconds, total: session.started.duration(to: .now).asSeconds)
        try WholeFile.write(JSONFile.text(HostFacts(seconds: seconds, replay: .init(assets.facts, mode: backtest.replay))), to: "\(folder)/\(RunFiles.host)")
        return RunResult(
            manifest: manifest, report: outputs.report,
            warnings: assets.logs.flatMap(\.warnings) + Self.warmUpWarnings(run), isSaved: played.isSaved)
    }

    private static func warmUpWarnings(_ run: StrategyRun) -> [String] {
        guard let warmUp = run.warmUp, warmUp.untilNs == nil else { return [] }
        return ["the strategy was never called: the data ends before its warm-up does; [warmup] wait names the nodes that it waits for"]
    }

    /// Brings the run to where it starts, with everything put out before.
    private func begin(_ prepared: PreparedRun, outputs: RunOutputs) throws -> Manifest.Fork? {
        let run = prepared.run
        switch start {
        case .beginning:
            return nil
        case .snapshot(let snapshot, let folder, let changes):
            try OutputJournal.read(in: folder, length: snapshot.description.journalBytes) { try outputs.add($0) }
            do {
                try prepared.restore(snapshot)
            } catch let error as StateError {
                throw CommandError("the snapshot does not fit the settings: \(error)")
            }
            guard !changes.isEmpty else { return nil }
            let taken = snapshot.description
            return Manifest.Fork(
                settings: taken.settings, steps: taken.steps, atNs: taken.nowNs, digest: taken.digest, changes: changes)
        case .again(let fork):
            let plan = try RunPlan(text: fork.settings, name: "the settings this run comes from", registry: session.strategies)
            // The states must be of one kind.
            let bound = try ReplaySettings(cache: replay.cache).bound(to: run.backtest.replay, place: "the settings this run comes from")
            let first = try PreparedRun(plan, bound, session: session)
            let base = first.run
            while base.steps < fork.steps, base.advance(maxSteps: Int(min(Int64(Self.sliceSteps), fork.steps - base.steps))) {
                try outputs.drain(base)
            }
            try outputs.drain(base)
            if let error = base.backtest.dataError { throw first.assets.damage(error) ?? error }
            var state = StateWriter()
            base.encode(into: &state)
            var reader = StateReader(state.bytes)
            try run.restore(from: &reader)
            return fork
        }
    }

    /// How a run was played.
    private struct Played {
        var seconds: Double
        var isInterrupted: Bool
        /// A last snapshot was taken because the process was asked to end.
        var isSaved: Bool
    }

    /// Plays to the end, draining and saving as it goes.
    private func play(_ run: StrategyRun, outputs: RunOutputs, assets: RunAssets, snapshots folder: SnapshotFolder?) throws -> Played {
        // The first pause is after the first step: then there is a time to count from.
        var pauseNs = folder == nil ? Int64.max : run.steps == 0 ? Int64.min : snapshots.next(after: run.backtest.nowNs)
        // The first rows of collector files come once all of them have been read.
        let waits = assets.mode == .rows && plan.inputs.contains { $0.role == .data && EventFiles.isRecording($0.path) }
        let activity = Activity(session.console, quiet: isQuiet || !waits, "reading collector files")
        defer { activity.end() }
        let progress = Progress(session.console, quiet: isQuiet, unit: "rows", total: assets.rowsTotal)
        defer { progress.end() }
        var elapsed = Duration.zero
        var isInterrupted = false
        var isSaved = false
        var stepsAtOneTime = 0
        while true {
            // Slices end at multiples of their length, wherever a resumed run starts.
            var steps = Self.sliceSteps - Int(run.steps % Int64(Self.sliceSteps))
            if let last = limit.interruptedAfterSteps { steps = Int(min(Int64(steps), last - run.steps)) }
            guard steps > 0 else { break }
            let before = run.backtest.nowNs
            let started = ContinuousClock.now
            let goesOn = run.advance(maxSteps: steps, untilNs: limit.untilNs ?? .max, pauseNs: pauseNs)
            elapsed += started.duration(to: .now)
            activity.end()
            try outputs.drain(run)
            guard goesOn else { break }
            if let folder, run.backtest.nowNs >= pauseNs {
                if pauseNs != .min { try save(run, outputs, folder) }
                pauseNs = snapshots.next(after: run.backtest.nowNs)
            }
            progress.update(run.backtest.rowsRead)
            stepsAtOneTime = run.backtest.nowNs == before ? stepsAtOneTime + steps : 0
            guard stepsAtOneTime < Self.mostStepsAtOneTime else {
                throw CommandError("\(plan.settings.strategyType): \(stepsAtOneTime) steps without time passing, at \(before) ns; its wake must let time pass")
            }
            if canEndEarly && session.interrupt.isRequested {
                isInterrupted = true
                if let folder {
                    try save(run, outputs, folder)
                    isSaved = true
                }
                break
            }
        }
        try outputs.drain(run, isFinal: true)
        return Played(seconds: elapsed.asSeconds, isInterrupted: isInterrupted || limit.interruptedAfterSteps != nil, isSaved: isSaved)
    }

    private func save(_ run: StrategyRun, _ outputs: RunOutputs, _ folder: SnapshotFolder) throws {
        guard let journal = outputs.journal else { preconditionFailure("snapshots come with a journal") }
        journal.synchronise()
        let snapshot = RunSnapshot(of: run, plan: plan, journalBytes: journal.bytes)
        try folder.write(snapshot, keeps: snapshots.keeps)
        guard let copies = snapshots.copies else { return }
        _ = try FileTree.makeFolders(copies)
        try SnapshotFolder(path: copies).write(snapshot, keeps: snapshots.keeps)
    }

    /// Refuses a run whose data failed, or that never got to do anything.
    private func check(_ run: StrategyRun, _ assets: RunAssets) throws {
        if let error = run.backtest.dataError {
            if let damage = assets.damage(error) { throw damage }
            throw DataFailure.placed(error, log: assets.logs[run.backtest.dataErrorAsset ?? 0])
        }
        for (index, asset) in plan.settings.assets.enumerated() where assets.isEmpty(index) {
            throw SettingsError(asset.dataLocation, "\(asset.spec.symbol): the data has no rows (\(asset.dataFiles.joined(separator: ", "))); convert it again")
        }
        guard run.steps == 0 else { return }
        if let until = limit.untilNs {
            throw CommandError("the strategy has no step up to \(until) ns; set --until later")
        }
        throw CommandError("\(plan.settings.file): the data ends before the strategy's first step; give more data, or a shorter interval")
    }
}
