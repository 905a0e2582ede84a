import HBTEngine
import HBTMarketData
import HBTTypes

extension RunAssets {
    /// An asset's tape with the rows it was made of.
    struct Tape {
        var tape: TapeFile
        var rows: Int64
    }

    /// Says on a terminal what takes long.
    struct Activities {
        let session: Session
        let isQuiet: Bool
    }

    /// A tape for every asset, or nil when the run is to be replayed row by row; `facts` say why.
    static func tapes(
        _ assets: [AssetSettings], _ compatibility: Compatibility, _ replay: ReplaySettings, _ snapshots: [[MarketEvent]], _ logs: [ReadLog],
        _ facts: inout ReplayFacts, _ activities: Activities
    ) throws -> [Tape]? {
        let named = try assets.map { try AssetTape.isTape($0) }
        if replay.mode == .rows, !named.contains(true) { return nil }
        let started = ContinuousClock.now
        defer { facts.tapeSeconds = started.duration(to: .now).asSeconds }
        let wanted = zip(assets, snapshots).map { AssetTape(asset: $0, snapshot: $1, compatibility: compatibility, replay: replay) }
        // One thread an asset; bars of several would write over each other.
        let shown = Activities(session: activities.session, isQuiet: activities.isQuiet || assets.count > 1)
        let outcomes = try Parallel.map(assets.count) { index in
            if named[index] { return AssetTape.Outcome.tape(try wanted[index].named(), .named) }
            return try wanted[index].find(rows: { watched(assets[index], logs[index], shown) })
        }
        var tapes: [Tape] = []
        for (index, outcome) in outcomes.enumerated() {
            switch outcome {
            case .tape(let tape, let origin):
                if origin != .named { facts.cached.append(tape.path) }
                if origin == .made { facts.isMade = true }
                tapes.append(Tape(tape: tape, rows: try wanted[index].facts(tape).rows))
            case .rows(let reason):
                let symbol = assets[index].spec.symbol
                if let reason { facts.rowsReason = "\(symbol): \(reason)" }
                guard let position = named.firstIndex(of: true) else { return nil }
                throw SettingsError(
                    assets[position].dataLocation,
                    "\(assets[position].dataFiles[0]) is a tape, but \(symbol) has none\(reason.map { " (\($0))" } ?? ""); name the rows' files")
            }
        }
        return tapes
    }

    /// An asset's rows on their way into a tape.
    private static func watched(_ asset: AssetSettings, _ log: ReadLog, _ activities: Activities) -> any EventSource {
        let source = AssetEventSource(asset.dataFiles, log: log)
        let total = source.rowsTotal
        let progress = Progress(activities.session.console, quiet: activities.isQuiet, unit: "rows compiled", total: total)
        return WatchedEventSource(PrefetchingEventSource(source), progress: progress, interrupt: activities.session.interrupt)
    }
}

extension RunAssets {
    /// The data of an asset has no rows.
    func isEmpty(_ index: Int) -> Bool {
        (tapeRows?[index] ?? logs[index].rows) == 0
    }

    /// An error that comes from a damaged tape of the cache says so.
    func noticingDamage<T>(_ work: () throws -> T) throws -> T {
        do {
            return try work()
        } catch {
            throw damage(error) ?? error
        }
    }

    /// The damage of a cached tape, when that is what stopped a run.
    func damage(_ error: any Error) -> CachedTapeDamage? {
        guard !facts.cached.isEmpty else { return nil }
        if let error = error as? MarketDataError, facts.cached.contains(error.path) { return CachedTapeDamage(paths: [error.path], cause: error) }
        // The engine does not know where a tape lies.
        return error is TapeFault ? CachedTapeDamage(paths: facts.cached, cause: error) : nil
    }
}
