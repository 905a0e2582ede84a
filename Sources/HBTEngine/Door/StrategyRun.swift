import HBTTypes

/// Drives a strategy over a backtest, step by step, so that the shell can show progress, drain the
/// records and stop between steps.
public final class StrategyRun {
    public let backtest: Backtest
    let strategy: any Strategy
    private let context: StrategyContext
    private let recordEveryNs: Int64?
    @exclusivity(unchecked) var nextRecordNs = Int64.min
    /// Records since the last drain, one array an asset.
    @exclusivity(unchecked) private var records: [[RecordRow]]
    /// Feed latency (local − exchange time of the newest row) at each step since the last drain.
    @exclusivity(unchecked) private var feedLatencies: [[Int64]]
    @exclusivity(unchecked) public internal(set) var steps: Int64 = 0
    /// Set before the first step; nil never waits.
    @exclusivity(unchecked) public var gate: StrategyGate?
    /// Time of the first row; `.min` before it.
    var beginNs = Int64.min
    /// First step that the strategy had, and first that it would have had, when a gate was there.
    @exclusivity(unchecked) var openedNs: Int64?
    var firstClosedNs: Int64?
    /// The last `advance` returned because a live feed has to grow first.
    @exclusivity(unchecked) public private(set) var isPending = false
    /// How the run ended; nil while it goes on.
    @exclusivity(unchecked) public private(set) var end: ReturnCode?

    /// A strategy that reads nodes of the settings' factor graph needs `Backtest.attachFactors` before;
    /// otherwise the run has ended before it began, and `dataError` says why.
    public init(_ backtest: Backtest, strategy: any Strategy, record: RecordSettings) {
        self.backtest = backtest
        self.strategy = strategy
        context = StrategyContext(backtest)
        records = Array(repeating: [], count: backtest.assetCount)
        feedLatencies = Array(repeating: [], count: backtest.assetCount)
        switch record {
        case .step: recordEveryNs = nil
        case .every(let ns): recordEveryNs = ns
        }
        guard !backtest.isBound else { return }
        do {
            try backtest.attachFactors(nil, for: strategy)
        } catch {
            backtest.factorFailure = error
            end = .dataError
        }
    }

    /// Plays up to `maxSteps` strategy steps; false when the run has ended.
    ///
    /// - Parameters:
    ///   - untilNs: ends the run before the first step after this time.
    ///   - pauseNs: returns after the first step at or after this time; the run goes on with the next call.
    @discardableResult
    public func advance(maxSteps: Int, untilNs: Int64 = .max, pauseNs: Int64 = .max) -> Bool {
        guard end == nil else { return false }
        isPending = false
        if steps == 0, gate != nil, backtest.start() == .ok { beginNs = backtest.nowNs }
        for _ in 0..<maxSteps {
            let code: ReturnCode
            var reason = WakeReason.interval
            switch strategy.wake {
            case .every(let ns):
                code = backtest.elapse(ns)
            case .feed(let timeoutNs, let includesResponses):
                code = backtest.waitNextFeed(includesResponses: includesResponses, timeoutNs: timeoutNs)
                reason = code == .marketFeed ? .marketFeed : (code == .orderResponse ? .orderResponse : .timeout)
            }
            if code == .pending {
                isPending = true
                return true
            }
            guard code == .ok || code == .marketFeed || code == .orderResponse else {
                end = code
                return false
            }
            guard backtest.nowNs <= untilNs else {
                end = .ok
                return false
            }
            backtest.stepFactors()
            if isOpen() { strategy.step(context, reason: reason) }
            steps += 1
            record()
            for asset in feedLatencies.indices {
                guard let feed = backtest.feedLatency(asset) else { continue }
                feedLatencies[asset].append(feed.localNs &- feed.exchangeNs)
            }
            if backtest.nowNs >= pauseNs { break }
        }
        return true
    }

    private func record() {
        if let recordEveryNs {
            guard backtest.nowNs >= nextRecordNs else { return }
            let now = backtest.nowNs
            let past = now % recordEveryNs
            nextRecordNs = now - (past < 0 ? past + recordEveryNs : past) + recordEveryNs
        }
        for asset in records.indices { records[asset].append(backtest.record(asset)) }
    }

    /// Hands over the records since the last call, asset by asset, and forgets them.
    public func drainRecords(_ body: (_ asset: Int, _ rows: [RecordRow]) throws -> Void) rethrows {
        for asset in records.indices where !records[asset].isEmpty {
            try body(asset, records[asset])
            records[asset].removeAll(keepingCapacity: true)
        }
    }

    /// Feed latencies at the steps since the last call, one array an asset.
    public func takeFeedLatencies() -> [[Int64]] {
        defer { for asset in feedLatencies.indices { feedLatencies[asset].removeAll(keepingCapacity: true) } }
        return feedLatencies
    }
}
