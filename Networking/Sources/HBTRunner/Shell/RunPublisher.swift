import HBTChannels
import HBTEngine
import HBTLive
import HBTTypes
import Logging

/// Publishes what a run sees and computes, for other machines and languages (`FeedPublisher`).
///
/// A subscriber never holds up the run: messages that find a full queue are dropped and counted, and a publisher
/// that fails is given up.
final class RunPublisher {
    private var feed: FeedPublisher?
    private let engine: LiveEngine
    private let log: Logger
    private let columns: [FactorHandle]
    private var steps: Int64 = 0
    private var nextAccountNs = Int64.min
    private var droppedNoted: Int64 = 0

    /// - Parameter isPublic: other machines may reach the endpoint.
    init(endpoint: String, isPublic: Bool, name: String, engine: LiveEngine, log: Logger) throws {
        self.engine = engine
        self.log = log
        let backtest = engine.loop.run.backtest
        let names = backtest.factors?.columns ?? []
        columns = names.compactMap { backtest.factors?.handle($0) }
        let publisher = try ZeroMQPublisher(endpoint: endpoint, isPublic: isPublic)
        feed = FeedPublisher(publisher, run: name, symbols: (0..<backtest.assetCount).map { backtest.spec($0).symbol }, factors: names)
        log.notice("publishing", metadata: ["endpoint": "\(publisher.endpoint)"])
    }

    /// After each market message: its rows, and the factors if the strategy has stepped on them.
    func market(asset: Int) {
        guard feed != nil else { return }
        attempt {
            if !engine.newestRows.isEmpty { try feed?.rows(engine.newestRows, asset: asset, localNs: engine.nowNs) }
            try stepped()
        }
    }

    /// At each tick: steps that time has brought, and the account once a second.
    func tick() {
        guard feed != nil else { return }
        attempt {
            try stepped()
            let backtest = engine.loop.run.backtest
            guard engine.nowNs >= nextAccountNs else { return }
            nextAccountNs = engine.nowNs &+ 1_000_000_000
            for asset in 0..<backtest.assetCount {
                let mid = backtest.depth(asset).mid
                let equity = RunValue.equity(backtest.state(asset), backtest.spec(asset).contract, mid: mid)
                try feed?.account(backtest.state(asset), mid: mid, equity: equity, asset: asset, localNs: engine.nowNs)
            }
            if let dropped = feed?.publisher.dropped, dropped > droppedNoted {
                log.warning("published messages were dropped: a subscriber is too slow", metadata: ["dropped": "\(dropped)"])
                droppedNoted = dropped
            }
        }
    }

    private func stepped() throws {
        let run = engine.loop.run
        guard run.steps != steps, !columns.isEmpty else { return }
        steps = run.steps
        let values = columns.map { run.backtest.factor($0) }
        try values.withUnsafeBufferPointer { try feed?.factors($0, localNs: engine.nowNs) }
    }

    private func attempt(_ work: () throws -> Void) {
        do {
            try work()
        } catch {
            log.error("nothing is published any more: \(error)")
            feed = nil
        }
    }
}
