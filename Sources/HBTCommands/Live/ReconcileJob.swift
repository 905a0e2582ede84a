import HBTEngine
import HBTLive
import HBTMarketData
import HBTTypes

/// Backtests a journalled live run and splits the difference of the profits.
struct ReconcileJob {
    /// A journal, or the run's folder with `journal` in it.
    let place: String
    /// Data of the market as it really was, for a run of one asset; empty for none.
    let data: [String]
    let session: Session

    struct Result {
        var split: ProfitSplit
        var facts: LiveFacts
        var symbols: [String]
        var tail: JournalTail
    }

    private var journal: String {
        let inside = FileTree.join(place, "journal")
        return FileTree.kind(inside) == .folder ? inside : place
    }

    func run() throws -> Result {
        var settings = ""
        let replay = try JournalReplay.run(try JournalReader(journal)) { start in
            guard !start.isPaper else {
                throw CommandError("\(place): a paper run has no difference to explain: its fills are the backtest's (hbt replay proves it)")
            }
            settings = start.settings
            return try LiveRun.make(try plan(settings), start)
        }
        if let difference = replay.difference { throw CommandError("\(journal) does not replay to the run's own decisions: \(difference)") }
        let assets = try plan(settings).settings.assets
        guard data.isEmpty || assets.count == 1 else { throw CommandError("--data is for a run of one asset; this one has \(assets.count)") }
        let facts = try LiveFacts(try JournalReader(journal), assets: assets.count)
        let reconciliation = Reconciliation(facts: facts, specs: assets.map(\.spec), mids: replay.mids) { events, latency in
            try backtest(try plan(settings), facts.start, events, latency)
        }
        var files: Reconciliation.Source?
        if !data.isEmpty { files = { _ in AssetEventSource(data, log: ReadLog()) } }
        let split = try reconciliation.split(files: files, journal: { try JournalEventSource(journal, asset: $0) }, live: replay.accounts)
        return Result(split: split, facts: facts, symbols: assets.map(\.spec.symbol), tail: replay.tail)
    }

    /// Made anew for each run: a strategy has a state.
    private func plan(_ settings: String) throws -> RunPlan {
        try RunPlan(text: settings, name: "the journal's settings", registry: session.strategies, isLive: true)
    }

    private func backtest(
        _ plan: RunPlan, _ start: JournalStart, _ events: [any EventSource], _ latency: (Int) -> [LatencyRow]?
    ) throws -> StrategyRun {
        var inputs: [AssetInput] = []
        for (index, asset) in plan.settings.assets.enumerated() {
            var spec = asset.spec
            var rows: (any LatencyRowSource)?
            if let measured = latency(index) {
                spec.latency = .interpolated(offsetNs: 0)
                rows = ArrayLatencySource([measured])
            } else {
                rows = try LiveRun.latency(of: asset, isPaper: true)
            }
            var input = AssetInput(spec: spec, events: events[index], latencyRows: rows)
            if !asset.markFiles.isEmpty { input.marks = MarkFiles(asset.markFiles) }
            inputs.append(input)
        }
        let backtest = try Backtest(assets: inputs, compatibility: plan.settings.compatibility)
        try backtest.attachFactors(plan.factors, for: plan.strategy)
        let run = StrategyRun(backtest, strategy: plan.strategy, record: plan.settings.record)
        run.gate = try LiveRun.gate(plan, backtest.factors, from: start.quoteFromNs)
        return run
    }
}
