import Foundation
import HBTEngine
import HBTMarketData
import HBTTypes

/// Some of a sweep's parameter sets, played in one pass on one thread.
///
/// Unchecked because the compiler cannot see the rule: a slice is made and read by one thread, and
/// belongs to its worker between `start` and `wait`.
final class SweepSlice: @unchecked Sendable {
    /// Steps between two looks at progress and signals.
    private static let sliceSteps = 256

    private struct Member {
        /// Place in the grid.
        let number: Int
        let plan: RunPlan
        let run: StrategyRun
        let assets: RunAssets
        var statistics: SweepStatistics
    }
    private var members: [Member] = []
    private var tapes: [(path: String, tape: SharedTape)] = []
    private let condition = NSCondition()
    private var rowsDone: Int64 = 0
    private var isDone = false
    private var isCancelled = false
    private var failure: (any Error)?
    private(set) var results: [(number: Int, result: SweepResult)] = []

    /// Adds a set; its tapes are found or made now.
    func add(_ number: Int, _ plan: RunPlan, _ replay: ReplaySettings, session: Session, isQuiet: Bool) throws {
        let warm = try WarmStart.snapshot(plan, replay, session: session)
        let assets = try RunAssets(plan, replay, warm: warm, session: session, isQuiet: isQuiet) { _ in }
        let inputs = assets.inputs.map { input in
            var input = input
            if let tape = input.tape as? TapeFile { input.tape = shared(tape) }
            return input
        }
        let backtest = try Backtest(assets: inputs, compatibility: plan.settings.compatibility, replay: assets.mode)
        try backtest.attachFactors(plan.factors, for: plan.strategy)
        if let warm, let file = plan.warmup?.snapshot { try WarmStart.adopt(warm, into: backtest, file: file) }
        let run = StrategyRun(backtest, strategy: plan.strategy, record: plan.settings.record)
        run.gate = try WarmStart.gate(plan, backtest.factors)
        members.append(Member(number: number, plan: plan, run: run, assets: assets, statistics: SweepStatistics(plan)))
    }

    /// One object a tape: runs over the same one share their market.
    private func shared(_ tape: TapeFile) -> SharedTape {
        if let known = tapes.first(where: { $0.path == tape.path }) { return known.tape }
        let shared = SharedTape(tape)
        tapes.append((tape.path, shared))
        return shared
    }

    var count: Int { members.count }
    var rowsTotal: Int64? { members.first?.assets.rowsTotal }

    func start(untilNs: Int64) {
        let thread = Thread { [self] in
            var failed: (any Error)?
            do { try play(untilNs) } catch { failed = error }
            condition.lock()
            failure = failed
            isDone = true
            condition.broadcast()
            condition.unlock()
        }
        thread.name = "hbt-sweep"
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Waits a little; rows played so far and whether all is done.
    func look() -> (rows: Int64, isDone: Bool) {
        condition.lock()
        defer { condition.unlock() }
        if !isDone { _ = condition.wait(until: Date(timeIntervalSinceNow: 0.05)) }
        return (rowsDone, isDone)
    }

    func cancel() {
        condition.lock()
        isCancelled = true
        condition.unlock()
    }

    func throwFailure() throws { if let failure { throw failure } }

    private func play(_ untilNs: Int64) throws {
        let sweep = SweepRun(members.map(\.run))
        var goesOn = true
        while goesOn {
            goesOn = sweep.advance(maxSteps: Self.sliceSteps, untilNs: untilNs)
            var rows: Int64 = .max
            for i in members.indices {
                try members[i].statistics.add(members[i].run)
                rows = min(rows, members[i].run.backtest.rowsRead)
            }
            condition.lock()
            rowsDone = rows
            let isCancelled = isCancelled
            condition.unlock()
            if isCancelled { return }
        }
        for member in members {
            let backtest = member.run.backtest
            if let error = backtest.dataError {
                throw DataFailure.placed(error, log: member.assets.logs[backtest.dataErrorAsset ?? 0])
            }
            guard member.run.steps > 0 else {
                throw CommandError("\(member.plan.settings.file): the data ends before the strategy's first step; give more data, or a shorter interval")
            }
            results.append((member.number, SweepResult(
                parameters: [], figures: member.statistics.finish(), steps: member.run.steps, fills: backtest.fillCount,
                digest: backtest.digest.hex)))
        }
    }
}
