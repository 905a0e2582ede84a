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

    /// What the settings ask for, with the factors of an earlier run if they name its snapshots: the newest that fits, else
    /// cold. The journal then begins with that state, so that it replays without the snapshot.
    ///
    /// - Returns: also why snapshots were passed over.
    static func makeWarm(_ plan: RunPlan, _ start: inout JournalStart) throws -> (run: StrategyRun, feeds: [LiveFeed], tried: [String]) {
        let made = try make(plan, start)
        guard let place = plan.warmup?.snapshot else { return (made.run, made.feeds, []) }
        var candidates: [String] = [], tried: [String] = []
        do { candidates = try SnapshotFolder.candidates(place) } catch { tried.append(ErrorLine.text(error)) }
        for file in candidates {
            do {
                try warm(made.run, from: file, registry: plan.registry)
                var state = StateWriter()
                made.run.encode(into: &state)
                start.state = state.bytes
                return (made.run, made.feeds, tried)
            } catch {
                let text = ErrorLine.text(error)
                tried.append(text.contains(file) ? text : "\(file): \(text)")
            }
        }
        guard plan.warmup?.isRequired != true else { throw CommandError(tried.joined(separator: "; ")) }
        return (made.run, made.feeds, tried + ["no snapshot to start from; a cold start takes its place"])
    }

    /// Puts the factors that an earlier live run had at its end into one that has not begun.
    ///
    /// - Parameter file: the earlier run's snapshot.
    private static func warm(_ run: StrategyRun, from file: String, registry: StrategyRegistry) throws {
        let snapshot = try RunSnapshot.read(file)
        guard let live = snapshot.description.live else {
            throw CommandError("\(file): this snapshot is of a backtest; a live run starts from one of a live run")
        }
        let before = try RunPlan(text: snapshot.description.settings, name: file, registry: registry, isLive: true)
        let start = JournalStart(
            settings: "", runId: "0", isPaper: live.isPaper, reorderNs: live.reorderNs, latencyLimitNs: live.latencyLimitNs)
        let earlier = try make(before, start)
        do {
            try snapshot.restore(earlier.run)
        } catch let error as StateError {
            throw CommandError("\(file): the snapshot does not fit its own settings: \(error)")
        }
        try WarmStart.adopt(earlier.run.backtest, into: run.backtest, file: file)
    }

    static func latency(of asset: AssetSettings, isPaper: Bool) throws -> (any LatencyRowSource)? {
        switch asset.latencySource {
        case .constant: return nil
        case .files(let paths): return LatencyFiles(paths)
        case .feed:
            guard isPaper else { return nil }
            throw SettingsError(
                asset.dataLocation, "\(asset.spec.symbol): latency made from the feed needs the whole feed; this run takes \"constant\" or a file")
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
