import HBTEngine
import HBTTypes

/// Warm starts from a snapshot, and what takes the place of one that cannot be used.
extension WarmStart {
    /// The start-up of a run: a snapshot if there is one, the newest first, else history, else cold.
    ///
    /// What is passed over, and why, is in `tried` of the plan's warm-up, which also names what was taken: the
    /// plan's settings give this run again, whatever comes to lie beside the snapshots later.
    ///
    /// - Parameter keepsRun: the restored run is kept for the first who starts; else it is restored again.
    static func settled(
        _ plan: RunPlan, _ replay: ReplaySettings, session: Session, keepsRun: Bool = true, note: (String) -> Void
    ) throws -> RunPlan {
        guard var warmup = plan.warmup, warmup.isOpen, let place = warmup.snapshot else { return plan }
        var candidates: [String] = []
        do { candidates = try SnapshotFolder.candidates(place) } catch { warmup.tried.append(ErrorLine.text(error)) }
        for file in candidates {
            var taken = warmup
            (taken.snapshot, taken.isRequired, taken.history) = (file, true, [])
            let started = try plan.starting(taken)
            do {
                let warm = try snapshot(started, replay, session: session)
                if let warm { try check(warm, for: started, file: file) }
                for reason in warmup.tried { note("\(reason); passed over for \(file)") }
                return try plan.starting(taken, from: keepsRun ? warm : nil)
            } catch let error where !(error is VerbExit) && !(error is CachedTapeDamage) {
                warmup.tried.append(reason(error, file))
            }
        }
        warmup.snapshot = nil
        // Without history of its own a replay is the first part of the run's data: cold, but for the wait.
        warmup.source = warmup.history.contains { !$0.isEmpty } || warmup.durationNs > 0 ? .replay : .cold
        for reason in warmup.tried { note(reason) }
        note("no snapshot to start from; \(words(warmup)) takes its place")
        return try plan.starting(warmup)
    }

    /// What a settled warm start is.
    static func words(_ warmup: WarmupSettings) -> String {
        switch warmup.source {
        case .cold: "cold start"
        case .replay: warmup.history.contains { !$0.isEmpty } ? "replayed history" : "replay of the data's first part"
        case .snapshot: "older snapshot"
        }
    }

    /// One line that names the snapshot.
    private static func reason(_ error: any Error, _ file: String) -> String {
        let text = ErrorLine.text(error)
        return text.contains(file) ? text : "\(file): \(text)"
    }

    /// The graph must be the plan's.
    private static func check(_ warm: Backtest, for plan: RunPlan, file: String) throws {
        do {
            try Backtest.checkFactors(
                of: warm, for: plan.strategy, plan.factors, specs: plan.settings.assets.map(\.spec), compatibility: plan.settings.compatibility)
        } catch {
            throw CommandError("\(file): no warm start from this snapshot: \(ErrorLine.text(error))")
        }
    }

    /// The run that a warm start from a snapshot goes on from.
    static func snapshot(_ plan: RunPlan, _ replay: ReplaySettings, session: Session) throws -> Backtest? {
        if let warm = plan.warm?.take() { return warm }
        guard let file = plan.warmup?.snapshot else { return nil }
        let snapshot = try RunSnapshot.read(file)
        try snapshot.checkInputs()
        let before = try RunPlan(text: snapshot.description.settings, name: file, registry: plan.registry)
        let bound = try ReplaySettings(cache: replay.cache).bound(to: snapshot.description.replayMode, place: file)
        let prepared = try PreparedRun(before, bound, session: session)
        let run = prepared.run
        try prepared.restore(snapshot)
        for asset in plan.settings.assets {
            let first = try firstNs(of: asset, passing: 0)
            guard first >= run.backtest.nowNs else {
                throw CommandError(
                    "\(file): taken at \(run.backtest.nowNs) ns, after the first row of \(asset.spec.symbol)'s data (\(first) ns); "
                        + "warm up from an earlier one, or cut the data")
            }
        }
        return run.backtest
    }

    /// Puts the snapshot's factors into a run, which must not have begun.
    static func adopt(_ warm: Backtest, into backtest: Backtest, file: String) throws {
        do {
            try backtest.adoptFactors(of: warm)
        } catch {
            throw CommandError("\(file): no warm start from this snapshot: \(ErrorLine.text(error))")
        }
    }
}
