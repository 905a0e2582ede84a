import HBTTypes

/// When a run of factors gives a row.
public enum FactorSampling: Equatable, Sendable {
    /// At each multiple of an interval since the epoch, from the first one at or after the first row
    /// to the last one not after the last row.
    case every(ns: Int64)
    /// After every wave.
    case wave
    /// After every wave that has changed a column.
    case change
}

/// Plays market data through a factor graph and nothing else: no venue, no orders.
///
/// The same graph code as in a backtest or live; rows of equal local time are taken lower asset first.
public final class FactorRun {
    private enum Feed {
        case dense(FactorFeed<DenseLevels>)
        case paged(FactorFeed<PagedLevels>)
        case tape(TapeFactorFeed)
    }
    public let graph: FactorGraph
    private let feeds: [Feed]
    private let sampling: FactorSampling
    private let midAsset: Int
    /// A step at each multiple of this since the epoch, from the first row on; nil for none.
    private let stepEveryNs: Int64?
    private var nextStepNs = Int64.max
    private var hasRows = false
    private var nextSampleNs: Int64?
    private var lastRowNs = Int64.min
    /// Columns of the row given last, for `.change`.
    private var lastRow: [Double]
    private var hasRow = false

    /// - Parameters:
    ///   - inputs: data of the graph's assets, in its order, as rows or tapes. Only the local side's rows count.
    ///   - stepEveryNs: stands for the steps of a strategy: nodes with the clock `step` take a sample at each
    ///     multiple since the epoch, after the rows of that time. nil: they never do.
    ///   - checksOrder: refuse rows whose clock goes back.
    public init(
        _ graph: FactorGraph, inputs: [AssetInput], sampling: FactorSampling, stepEveryNs: Int64? = nil, compatibility: Compatibility = .none,
        checksOrder: Bool = true
    ) throws(EngineError) {
        guard inputs.map(\.spec.symbol) == graph.assets.map(\.symbol) else {
            throw EngineError("the factor graph needs the data of \(graph.assets.map(\.symbol).joined(separator: ", ")), in this order")
        }
        if case .every(let ns) = sampling, ns <= 0 { throw EngineError("the sampling interval must be longer than nothing") }
        if let stepEveryNs, stepEveryNs <= 0 { throw EngineError("the interval of the steps must be longer than nothing") }
        self.graph = graph
        self.sampling = sampling
        self.stepEveryNs = stepEveryNs
        midAsset = graph.assets.firstIndex { $0.symbol == graph.definition.symbol } ?? 0
        lastRow = Array(repeating: .nan, count: graph.columns.count)
        let isReference = compatibility == .hftbacktest24
        var feeds: [Feed] = []
        for (index, input) in inputs.enumerated() {
            let attachment = FactorAttachment(core: graph.core, asset: index, settlesAtEnd: inputs.count > 1)
            feeds.append(try Self.feed(input, attachment, isReference: isReference, checksOrder: checksOrder))
        }
        self.feeds = feeds
        graph.settleRows = { [weak self] in self?.settle() }
    }

    private static func feed(
        _ input: AssetInput, _ attachment: FactorAttachment, isReference: Bool, checksOrder: Bool
    ) throws(EngineError) -> Feed {
        if let tape = input.tape {
            return .tape(try TapeFactorFeed(tape: tape, input: input, attachment: attachment, isReference: isReference))
        }
        switch input.spec.book {
        case .hash: return .paged(FactorFeed(input: input, attachment: attachment, isReference: isReference, checksOrder: checksOrder))
        case .roi: return .dense(FactorFeed(input: input, attachment: attachment, isReference: isReference, checksOrder: checksOrder))
        }
    }

    /// Rows taken from the data so far, all assets.
    public var rowsRead: Int64 {
        feeds.reduce(0) { sum, feed in
            switch feed {
            case .dense(let f): sum + f.stream.rowsRead
            case .paged(let f): sum + f.stream.rowsRead
            case .tape(let f): sum + f.rowsRead
            }
        }
    }

    /// Fills `samples` from its start and says how many rows there are; 0 at the end of the data.
    ///
    /// - Throws: when the data cannot be read.
    public func fill(_ samples: FactorSamples) throws -> Int {
        precondition(samples.columnCount == graph.columns.count, "a block of samples has a column for each column of the graph")
        samples.count = 0
        while samples.count < samples.capacity {
            let isMore = switch sampling {
            case .every(let ns): try sampleGrid(ns, samples)
            case .wave: try sampleWave(samples, onlyChanges: false)
            case .change: try sampleWave(samples, onlyChanges: true)
            }
            if !isMore { break }
        }
        return samples.count
    }

    private func sampleGrid(_ every: Int64, _ samples: FactorSamples) throws -> Bool {
        var ns = nextNs
        try throwFailure()
        if nextSampleNs == nil {
            guard ns != .max else { return false }
            nextSampleNs = multiple(of: every, from: ns)
        }
        guard let sampleNs = nextSampleNs, sampleNs != .max else { return false }
        while ns <= sampleNs && ns != .max {
            step(before: ns)
            play(from: ns, upTo: min(sampleNs, nextStepNs))
            ns = nextNs
        }
        try throwFailure()
        guard ns != .max || lastRowNs == sampleNs else { return false }
        step(before: later(sampleNs, by: 1))
        write(sampleNs, samples)
        nextSampleNs = later(sampleNs, by: every)
        return true
    }

    private func sampleWave(_ samples: FactorSamples, onlyChanges: Bool) throws -> Bool {
        let ns = nextNs
        try throwFailure()
        guard ns != .max else { return false }
        step(before: ns)
        repeat { play(from: ns, upTo: ns) } while nextNs == ns
        try throwFailure()
        step(before: later(ns, by: 1))
        write(ns, samples, onlyChanges: onlyChanges)
        return true
    }

    /// Takes the steps due before `ns`, which lies at or before the next row.
    private func step(before ns: Int64) {
        guard let stepEveryNs else { return }
        if !hasRows {
            hasRows = true
            nextStepNs = multiple(of: stepEveryNs, from: ns)
        }
        while nextStepNs < ns {
            settle()
            graph.core.pointee.step(at: nextStepNs)
            nextStepNs = later(nextStepNs, by: stepEveryNs)
        }
    }

    private func multiple(of every: Int64, from ns: Int64) -> Int64 {
        let past = ns % every
        return past == 0 ? ns : later(ns, by: past < 0 ? 0 &- past : every - past)
    }

    /// Time of the next row of any asset.
    private var nextNs: Int64 {
        var ns = Int64.max
        for feed in feeds { ns = min(ns, Self.nextNs(feed)) }
        return ns
    }

    private static func nextNs(_ feed: Feed) -> Int64 {
        switch feed {
        case .dense(let f): f.nextNs
        case .paged(let f): f.nextNs
        case .tape(let f): f.nextNs
        }
    }

    /// Plays the first asset due at `ns` until another one is due, or until `limitNs`.
    private func play(from ns: Int64, upTo limitNs: Int64) {
        var limitNs = limitNs
        var winner: Feed?
        for feed in feeds {
            let next = Self.nextNs(feed)
            if winner == nil {
                if next == ns { winner = feed } else if next != .max { limitNs = min(limitNs, next - 1) }
            } else {
                limitNs = min(limitNs, next)
            }
        }
        switch winner {
        case .dense(let f)?: f.process(upTo: limitNs)
        case .paged(let f)?: f.process(upTo: limitNs)
        case .tape(let f)?: f.process(upTo: limitNs)
        case nil: break
        }
        lastRowNs = max(lastRowNs, graph.core.pointee.waveNs)
    }

    private func settle() {
        for feed in feeds {
            switch feed {
            case .dense(let f): f.settle()
            case .paged(let f): f.settle()
            case .tape(let f): f.settle()
            }
        }
    }

    private func write(_ ns: Int64, _ samples: FactorSamples, onlyChanges: Bool = false) {
        settle()
        let core = graph.core
        _ = core.pointee.flush(to: ns)
        core.pointee.readAll(at: ns)
        if onlyChanges {
            var isChanged = !hasRow
            for (column, step) in graph.columnSteps.enumerated() {
                let value = core.pointee.scratch[Int(step)]
                if !(value == lastRow[column] || (value.isNaN && lastRow[column].isNaN)) { isChanged = true }
                lastRow[column] = value
            }
            if !isChanged { return }
            hasRow = true
        }
        let row = samples.count
        samples.localNs[row] = ns
        samples.exchangeNs[row] = core.pointee.exchangeNs
        samples.mid[row] = core.pointee.probes[midAsset].mid
        for (column, step) in graph.columnSteps.enumerated() { samples.set(column, row: row, core.pointee.scratch[Int(step)]) }
        samples.count = row + 1
    }

    private func throwFailure() throws {
        for feed in feeds {
            switch feed {
            case .dense(let f): if let failure = f.stream.failure { throw failure }
            case .paged(let f): if let failure = f.stream.failure { throw failure }
            case .tape(let f): if let failure = f.failure { throw failure }
            }
        }
    }
}
