import HBTTypes

/// Many runs that go through one market together: each has its own orders, latencies, queues, fees,
/// account, strategy and records; the rows are read once, the book is kept once, and factors that
/// several runs ask for are computed once.
///
/// Every run gives what it gives alone, to the last bit. Runs share what they can: those over the same
/// tape (one `TapeSource` object), with the same interval and without trades kept for the strategy,
/// once their factors need not follow rows. The others go on alone inside the same sweep.
public final class SweepRun {
    /// In the order in which they were given.
    public let runs: [StrategyRun]
    /// Runs that wake at the same times.
    private var groups: [Group] = []

    private struct Group {
        let members: [Int]
        /// The runs themselves, which `runs` keeps: a step in a run is short beside counting references.
        let unretained: [Unmanaged<StrategyRun>]
        let intervalNs: Int64?
        var isJoined = false
    }

    /// - Parameter runs: not started yet.
    public init(_ runs: [StrategyRun]) {
        self.runs = runs
        for (index, run) in runs.enumerated() {
            guard case .every(let ns) = run.strategy.wake, let group = groups.firstIndex(where: { $0.intervalNs == ns }) else {
                var intervalNs: Int64?
                if case .every(let ns) = run.strategy.wake { intervalNs = ns }
                groups.append(Group(members: [index], unretained: [.passUnretained(run)], intervalNs: intervalNs))
                continue
            }
            groups[group] = Group(
                members: groups[group].members + [index], unretained: groups[group].unretained + [.passUnretained(run)], intervalNs: ns)
        }
        // Clocks start at the first row: before anybody has moved on in it.
        for run in runs { _ = run.backtest.start() }
    }

    /// Plays up to `steps` steps of every run; false when all have ended.
    ///
    /// - Parameter untilNs: ends a run before the first step after this time.
    @discardableResult
    public func advance(maxSteps steps: Int, untilNs: Int64 = .max) -> Bool {
        var goesOn = false
        for index in groups.indices {
            if groups[index].members.count == 1 {
                if runs[groups[index].members[0]].advance(maxSteps: steps, untilNs: untilNs) { goesOn = true }
                continue
            }
            for _ in 0..<steps {
                var isAlive = false
                for member in groups[index].unretained
                where member._withUnsafeGuaranteedRef({ $0.advance(maxSteps: 1, untilNs: untilNs) }) { isAlive = true }
                guard isAlive else { break }
                goesOn = true
                if !groups[index].isJoined { groups[index].isJoined = join(groups[index].members) }
            }
        }
        return goesOn
    }

    /// Lets runs that stand at the same place share their market from now on; false when some may later.
    private func join(_ members: [Int]) -> Bool {
        let open = members.map { runs[$0] }.filter { $0.end == nil }
        guard open.allSatisfy({ $0.backtest.isReadyToJoin || !$0.backtest.mayJoin }) else { return false }
        var hosts: [Backtest] = []
        for run in open where run.backtest.mayJoin {
            if let host = hosts.first(where: { run.backtest.isBeside($0) }) {
                run.backtest.join(host)
            } else {
                hosts.append(run.backtest)
            }
        }
        // Graphs of members that are no hosts may still be alike: the first of each kind serves the rest.
        var graphs: [FactorGraph] = []
        for run in open where run.backtest.mayJoin {
            guard let graph = run.backtest.factors else { continue }
            if let twin = graphs.first(where: { run.backtest.mayTake($0) }) { run.backtest.take(twin) } else { graphs.append(graph) }
        }
        return true
    }
}

/// A tape for several runs at once: memory is given back when the last of them is well past.
public final class SharedTape: TapeSource {
    private let tape: any TapeSource
    /// Segments that runs may lie apart before pages have to be read again.
    private static let lag = 4
    private var given = [Int](repeating: 0, count: TapePart.allCases.count)

    public init(_ tape: any TapeSource) { self.tape = tape }

    public var header: [UInt8] { tape.header }
    public var segmentCount: Int { tape.segmentCount }
    public func segment(_ index: Int, _ part: TapePart) throws -> UnsafeRawBufferPointer { try tape.segment(index, part) }
    public func passed(_ index: Int, _ part: TapePart) {
        while given[part.rawValue] < index - Self.lag {
            given[part.rawValue] += 1
            tape.passed(given[part.rawValue], part)
        }
    }
}
