import HBTTypes

/// A backtest driven by a program: the familiar scripted style (`elapse`, submit, wait …).
///
/// The engine is a state machine: time and rows go in, orders and records come out. Strategies that
/// are to run live are written as a `Strategy` and driven by `StrategyRun` instead.
public final class Backtest {
    /// `assets` keeps both; counting references would cost more than what is called.
    struct OnlyTape {
        let asset: Unmanaged<AssetReplay>
        let core: Unmanaged<TapeCore>
    }
    let assets: [AssetReplay]
    /// The same, for calls a step: counting a reference costs more than what is called.
    private let unretained: UnsafeMutablePointer<Unmanaged<AssetReplay>>
    /// The asset of a run over one tape.
    let onlyTape: OnlyTape?
    let isReference: Bool
    let journal: RunJournal
    /// Simulated time, nanoseconds since the Unix epoch; `Int64.max` before the first call that
    /// moves time.
    @exclusivity(unchecked) public internal(set) var nowNs = Int64.max
    @exclusivity(unchecked) var isStarted = false
    /// The factor graph fed by this run; nil for none.
    @exclusivity(unchecked) public internal(set) var factors: FactorGraph? {
        didSet { unretainedFactors = factors.map { .passUnretained($0) } }
    }
    /// The same, for calls a step.
    @exclusivity(unchecked) private(set) var unretainedFactors: Unmanaged<FactorGraph>?
    /// The strategy has looked up its nodes.
    @exclusivity(unchecked) var isBound = false
    /// Why the strategy's factors could not be set up.
    @exclusivity(unchecked) var factorFailure: (any Error)?
    /// The run has stopped at market rows: a graph then follows them.
    @exclusivity(unchecked) var hasWokenAtFeed = false
    /// Market rows need no turns among the events; see `runTapes`.
    let hasTapes: Bool
    /// How the market is replayed: `.rows` unless every asset came with a tape and tapes were wanted.
    public let replay: ReplayMode
    /// Rows are still to come; the run plays as far as `liveKnownNs`.
    let hasLiveFeeds: Bool
    /// Some asset has mark prices or funding.
    let hasMarks: Bool
    /// Live, and time passes by itself: no row is needed to say that it has.
    let isClockDriven: Bool
    /// The stretch that `.pending` interrupted, which the next call goes on with.
    @exclusivity(unchecked) var suspended: (targetNs: Int64, result: ReturnCode)?

    /// - Parameters:
    ///   - checksOrder: refuse rows whose clock goes back (the reference does not look).
    ///   - replay: `.rows` leaves tapes aside.
    public init(
        assets inputs: [AssetInput], compatibility: Compatibility, checksOrder: Bool = true, replay: ReplayMode = .auto
    ) throws {
        guard !inputs.isEmpty else { throw EngineError("a backtest needs at least one asset") }
        isReference = compatibility == .hftbacktest24
        journal = RunJournal()
        var made: [AssetReplay] = []
        self.replay = replay.resolved(hasTapes: inputs.allSatisfy { $0.tape != nil })
        for (index, given) in inputs.enumerated() {
            var input = given
            if replay == .rows { input.tape = nil }
            let spec = input.spec
            guard spec.tickSize > 0, spec.tickSize.isFinite, spec.lotSize > 0, spec.lotSize.isFinite else {
                throw EngineError("\(spec.symbol): tick size and lot size must be positive numbers")
            }
            if case .roi(let lower, let upper) = spec.book {
                guard lower.isFinite, upper.isFinite, lower < upper, (upper - lower) / spec.tickSize < 1e9 else {
                    throw EngineError("\(spec.symbol): the range of interest must be ascending and below a thousand million ticks")
                }
            }
            made.append(try AssetReplay(
                index: index, input: input, isReference: isReference, checksOrder: checksOrder, journal: journal, replay: self.replay))
        }
        assets = made
        assetCount = made.count
        unretained = .allocate(capacity: made.count)
        for (index, asset) in made.enumerated() { (unretained + index).initialize(to: .passUnretained(asset)) }
        try Self.checkLive(inputs)
        hasLiveFeeds = inputs.contains { $0.live != nil }
        hasMarks = made.contains { $0.marks != nil }
        isClockDriven = inputs.contains { $0.live?.venue == .outside }
        hasTapes = try made.allSatisfy { try $0.isTapeAlone } && (inputs.count == 1 || !isReference)
        onlyTape = made.count == 1 ? made[0].tape.map { OnlyTape(asset: .passUnretained(made[0]), core: .passUnretained($0)) } : nil
    }

    deinit { unretained.deallocate() }

    /// `body` with an asset, which `assets` keeps.
    @inline(__always) func with<Result>(_ asset: Int, _ body: (AssetReplay) -> Result) -> Result {
        precondition(asset >= 0 && asset < assetCount, "there is no such asset")
        return unretained[asset]._withUnsafeGuaranteedRef(body)
    }

    public let assetCount: Int
    public func spec(_ asset: Int) -> AssetSpec { assets[asset].spec }

    /// Why a call returned `.dataError`.
    public var dataError: (any Error)? {
        for asset in assets { if let failure = asset.failure { return failure } }
        return factorFailure
    }
    /// Whether `dataError` is there.
    var hasFailed: Bool {
        if let onlyTape { return onlyTape.asset._withUnsafeGuaranteedRef { $0.hasFailed } || factorFailure != nil }
        for index in 0..<assetCount where with(index, { $0.hasFailed }) { return true }
        return factorFailure != nil
    }
    /// Index of the asset whose data failed.
    public var dataErrorAsset: Int? { assets.firstIndex { $0.failure != nil } }

    /// Rows taken from the data so far, all assets; read ahead by a block or a segment, so that before
    /// the end of the data it depends on how they are replayed.
    public var rowsRead: Int64 { assets.reduce(0) { $0 + $1.rowsRead } }

    /// Every row of the data has been played.
    public var isDataPlayed: Bool {
        isStarted && assets.allSatisfy { $0.nextLocalFeedNs == .max && $0.nextExchangeFeedNs == .max }
    }
}
