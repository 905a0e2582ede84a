import Foundation
import HBTEngine
import HBTTypes

/// `hbt inspect-state`: brings a recorded run to any of its moments.
///
/// Starts from the newest snapshot before the moment, so it costs one snapshot interval at most.
struct StateInspection {
    let folder: String
    let session: Session
    var replay = ReplaySettings.rows

    /// The run as it stood at the moment; at a time, everything due by then has happened.
    func run(at moment: Moment) throws -> StrategyRun {
        let manifestPath = FileTree.join(folder, RunFiles.manifest)
        guard FileTree.kind(manifestPath) == .file else {
            throw CommandError("\(folder): this is not the folder of a run: it has no \(RunFiles.manifest)")
        }
        let manifest = try JSONDecoder().decode(Manifest.self, from: Data(try WholeFile.read(manifestPath)))
        if manifest.fork != nil, SnapshotFolder(path: FileTree.join(folder, SnapshotFolder.name)).files.isEmpty {
            throw CommandError("\(folder): a fork can be inspected from its snapshots only, and it has none; make it again with --snapshot-every")
        }
        if case .step(let steps) = moment { return try play(toStep: steps, manifest).run }
        let ns = try timeNs(of: moment)
        // First how many steps there are up to then, then there and on to the very moment.
        let scout = try start(manifest) { $0.nowNs <= ns }.run
        while scout.advance(maxSteps: 256, untilNs: ns) { Self.forget(scout) }
        let prepared = try start(manifest) { $0.nowNs <= ns }
        let run = prepared.run
        while run.steps < scout.steps, run.advance(maxSteps: Int(min(256, scout.steps - run.steps))) { Self.forget(run) }
        if run.steps == 0 && !run.isStarted { run.backtest.elapse(0) }
        if run.backtest.nowNs < ns { run.backtest.elapse(ns - run.backtest.nowNs) }
        try check(prepared)
        return run
    }

    private func check(_ prepared: PreparedRun) throws {
        guard let error = prepared.run.backtest.dataError else { return }
        if let damage = prepared.assets.damage(error) { throw damage }
        throw CommandError("\(folder): its data cannot be read: \(error)")
    }

    private func play(toStep steps: Int64, _ manifest: Manifest) throws -> PreparedRun {
        guard steps <= manifest.counts.steps else { throw CommandError("step:\(steps): the run has \(manifest.counts.steps) steps") }
        let prepared = try start(manifest) { $0.steps <= steps }
        let run = prepared.run
        while run.steps < steps, run.advance(maxSteps: Int(min(256, steps - run.steps))) { Self.forget(run) }
        try check(prepared)
        return prepared
    }

    private func timeNs(of moment: Moment) throws -> Int64 {
        let log = OrderLog(path: FileTree.join(folder, RunFiles.orders))
        switch moment {
        case .time(let ns): return ns
        case .event(let number):
            guard let ns = try log.timeNs(ofLine: number) else { throw CommandError("event:\(number): \(log.path) has fewer lines") }
            return ns
        case .order(let id):
            guard let ns = try log.timeNs(ofOrder: id) else { throw CommandError("order:\(id): \(log.path) has no such order") }
            return ns
        case .step: preconditionFailure("steps are not looked up by time")
        }
    }

    /// A run at its newest usable snapshot, or at its beginning.
    private func start(_ manifest: Manifest, _ isBefore: (RunSnapshot.Description) -> Bool) throws -> PreparedRun {
        for file in SnapshotFolder(path: FileTree.join(folder, SnapshotFolder.name)).files.reversed() {
            guard let snapshot = try? RunSnapshot.read(file), isBefore(snapshot.description) else { continue }
            try snapshot.checkInputs()
            let plan = try RunPlan(text: snapshot.description.settings, name: file, registry: session.strategies)
            let bound = try ReplaySettings(cache: replay.cache).bound(to: snapshot.description.replayMode, place: file)
            let prepared = try PreparedRun(plan, bound, session: session)
            try prepared.restore(snapshot)
            return prepared
        }
        guard manifest.fork == nil else { throw CommandError("\(folder): the fork has no snapshot before that moment") }
        let plan = try RunPlan(file: FileTree.join(folder, RunFiles.config), registry: session.strategies)
        return try PreparedRun(plan, replay, session: session)
    }

    /// What a run puts out on its way to the moment is not wanted.
    private static func forget(_ run: StrategyRun) { _ = OutputBatch(run, isFinal: false) }
}

extension StrategyRun {
    /// The clock has been set by the first row.
    fileprivate var isStarted: Bool { backtest.nowNs != .max }
}
