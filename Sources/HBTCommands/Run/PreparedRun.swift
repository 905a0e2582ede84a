import HBTEngine
import HBTTypes

/// A run at its first row, keeping everything it will produce, with the data it plays.
struct PreparedRun {
    let run: StrategyRun
    let assets: RunAssets

    init(_ plan: RunPlan, _ replay: ReplaySettings, session: Session, isQuiet: Bool = true) throws {
        let warm = try WarmStart.snapshot(plan, replay, session: session)
        assets = try RunAssets(plan, replay, warm: warm, session: session, isQuiet: isQuiet) { if !isQuiet { session.console.note($0) } }
        let assets = assets
        run = try assets.noticingDamage {
            let backtest = try Backtest(assets: assets.inputs, compatibility: plan.settings.compatibility, replay: assets.mode)
            backtest.keepsFills = true
            backtest.keepsOrders = true
            try backtest.attachFactors(plan.factors, for: plan.strategy)
            if let warm, let file = plan.warmup?.snapshot { try WarmStart.adopt(warm, into: backtest, file: file) }
            return StrategyRun(backtest, strategy: plan.strategy, record: plan.settings.record)
        }
        run.gate = try WarmStart.gate(plan, run.backtest.factors)
    }

    /// Puts the run into a saved state.
    func restore(_ snapshot: RunSnapshot) throws { try assets.noticingDamage { try snapshot.restore(run) } }
}
