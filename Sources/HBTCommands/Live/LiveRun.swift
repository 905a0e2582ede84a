import HBTEngine
import HBTLive
import HBTMarketData
import HBTTypes

/// Makes the engine's half of a live run: strategy, factors, feeds that grow.
enum LiveRun {
    /// - Parameter start: what the run's journal says at its head.
    static func make(_ plan: RunPlan, _ start: JournalStart) throws -> (run: StrategyRun, feeds: [LiveFeed]) {
        let venue: LiveFeed.Venue = start.isPaper ? .simulated : .outside
        var feeds: [LiveFeed] = [], inputs: [AssetInput] = []
        for asset in plan.settings.assets {
            let feed = LiveFeed(venue: venue, reorderNs: start.reorderNs, latencyLimitNs: start.latencyLimitNs)
            feeds.append(feed)
            inputs.append(AssetInput(spec: asset.spec, live: feed, latencyRows: try latency(of: asset, isPaper: start.isPaper)))
        }
        let backtest = try Backtest(assets: inputs, compatibility: plan.settings.compatibility)
        try backtest.attachFactors(plan.factors, for: plan.strategy)
        let run = StrategyRun(backtest, strategy: plan.strategy, record: plan.settings.record)
        run.gate = try gate(plan, backtest.factors, from: start.quoteFromNs)
        return (run, feeds)
    }

    /// The half of a connector: a bot in another process decides.
    static func makeRelay(_ plan: RunPlan, _ start: JournalStart) throws -> (run: StrategyRun, feeds: [LiveFeed]) {
        var feeds: [LiveFeed] = [], inputs: [AssetInput] = []
        for asset in plan.settings.assets {
            // Nothing is simulated here, on paper either: a bot's fills are its own.
            let feed = LiveFeed(venue: .outside, reorderNs: start.reorderNs, latencyLimitNs: start.latencyLimitNs)
            feeds.append(feed)
            inputs.append(AssetInput(spec: asset.spec, live: feed))
        }
        let backtest = try Backtest(assets: inputs, compatibility: plan.settings.compatibility)
        return (StrategyRun(backtest, strategy: RelayStrategy(), record: plan.settings.record), feeds)
    }

    static func latency(of asset: AssetSettings, isPaper: Bool) throws -> (any LatencyRowSource)? {
        switch asset.latencySource {
        case .constant: return nil
        case .files(let paths): return LatencyFiles(paths)
        case .feed:
            guard isPaper else { return nil }
            throw SettingsError(
                asset.dataLocation, "\(asset.spec.symbol): latency made from the feed needs the whole feed; a paper run takes \"constant\" or a file")
        }
    }

    static func gate(_ plan: RunPlan, _ factors: FactorGraph?, from ns: Int64) throws -> StrategyGate? {
        var gate = StrategyGate()
        if let factors, let definition = plan.factors {
            let place = plan.warmup?.location ?? definition.location
            for id in plan.warmup?.nodes ?? definition.columns { gate.nodes.append(try factors.handle(id, location: place)) }
        }
        gate.durationNs = plan.warmup?.durationNs ?? 0
        gate.notBeforeNs = ns
        return gate == StrategyGate() ? nil : gate
    }
}
