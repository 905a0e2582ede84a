import HBTEngine
import HBTMarketData
import HBTTypes

/// `hbt factors --check-causality`: does any value depend on data that comes after it?
///
/// Everything after a random time is changed, and every row up to that time compared bit for bit with
/// that of the unchanged data.
struct CausalityCheck {
    /// Few, because a block is played to its end although a difference is looked for in its first part only.
    private static let blockRows = 32

    let plan: FactorPlan
    let sampling: FactorSampling
    var stepEveryNs: Int64?
    let seed: UInt64
    let trials: Int
    let session: Session
    var isQuiet = true
    /// Put around an asset's data, changed or not; tests plant a source that looks ahead here.
    var around: (any EventSource) -> any EventSource = { $0 }

    struct Leak: Equatable, CustomStringConvertible {
        /// A column of the table.
        var column: String
        /// Of the table, from 0.
        var row: Int64
        var localNs: Int64
        /// After which the data was changed.
        var changedAfterNs: Int64
        var value: Double
        var changed: Double

        var description: String {
            "\(column), row \(row) at \(localNs) ns: \(value), but \(changed) when the data after \(changedAfterNs) ns is changed"
        }
    }

    enum Outcome: Equatable {
        /// With the number of rows compared.
        case causal(rows: Int64)
        case leak(Leak)
    }

    func run() throws -> Outcome {
        let span = try span()
        var random = SeededRandom(seed: seed)
        let progress = Progress(session.console, quiet: isQuiet, unit: "trials", total: Int64(trials))
        defer { progress.end() }
        var compared: Int64 = 0
        for trial in 0..<trials {
            // The last row of all has nothing after it.
            let afterNs = span.first + Int64(random.uniform() * Double(span.last - span.first))
            switch try compare(changedAfterNs: afterNs, seed: random.next()) {
            case .causal(let rows): compared += rows
            case .leak(let leak): return .leak(leak)
            }
            progress.update(Int64(trial + 1))
        }
        guard compared > 0 else { throw CommandError("no row lies before any of the random times; choose a shorter --every, or more --trials") }
        return .causal(rows: compared)
    }

    /// First and last local time of the rows of all assets.
    private func span() throws -> (first: Int64, last: Int64) {
        let assets = try RunAssets(plan.assets)
        let block = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 1 << 14)
        defer { block.deallocate() }
        var first = Int64.max, last = Int64.min
        for input in assets.inputs {
            while case let count = try input.events.read(into: block), count > 0 {
                for row in block[..<count] where row.has(EventFlags.local) {
                    first = min(first, row.localNs)
                    last = max(last, row.localNs)
                }
                try endIfAsked()
            }
        }
        guard first < last else { throw CommandError("the data has no two local rows of different times; there is nothing to check") }
        return (first, last)
    }

    private func compare(changedAfterNs: Int64, seed: UInt64) throws -> Outcome {
        let graph = try plan.graph()
        let width = graph.columns.count
        let base = FactorSamples(capacity: Self.blockRows, columnCount: width)
        let other = FactorSamples(capacity: Self.blockRows, columnCount: width)
        let assets = try RunAssets(plan.assets), changedAssets = try RunAssets(plan.assets)
        let run = try FactorRun(graph, inputs: assets.inputs.map { wrapped($0) { $0 } }, sampling: sampling, stepEveryNs: stepEveryNs)
        let changed = try FactorRun(
            plan.graph(),
            inputs: changedAssets.inputs.enumerated().map { index, input in
                wrapped(input) { PerturbedSource($0, afterNs: changedAfterNs, spec: input.spec, seed: seed &+ UInt64(index)) }
            }, sampling: sampling, stepEveryNs: stepEveryNs)
        var row: Int64 = 0
        while true {
            let count = try FactorJob.placed(assets) { try run.fill(base) }
            _ = try changed.fill(other)
            try endIfAsked()
            for i in 0..<count {
                guard base.localNs[i] <= changedAfterNs else { return .causal(rows: row) }
                if let leak = Self.leak(base, other, i, graph.columns) {
                    return .leak(Leak(
                        column: leak.column, row: row, localNs: base.localNs[i], changedAfterNs: changedAfterNs, value: leak.value, changed: leak.changed))
                }
                row += 1
            }
            if count < base.capacity { return .causal(rows: row) }
        }
    }

    private func wrapped(_ input: AssetInput, _ change: (any EventSource) -> any EventSource) -> AssetInput {
        var input = input
        input.events = around(change(input.events))
        return input
    }

    /// The first column in which a row differs; a row that came or went shows in its time.
    private static func leak(_ a: FactorSamples, _ b: FactorSamples, _ row: Int, _ columns: [String]) -> (column: String, value: Double, changed: Double)? {
        guard row < b.count else { return ("local_ns", Double(a.localNs[row]), .nan) }
        if a.localNs[row] != b.localNs[row] { return ("local_ns", Double(a.localNs[row]), Double(b.localNs[row])) }
        if a.exchangeNs[row] != b.exchangeNs[row] { return ("exchange_ns", Double(a.exchangeNs[row]), Double(b.exchangeNs[row])) }
        if a.mid[row].bitPattern != b.mid[row].bitPattern { return ("mid", a.mid[row], b.mid[row]) }
        for (index, name) in columns.enumerated() {
            let x = a.column(index)[row], y = b.column(index)[row]
            if x.bitPattern != y.bitPattern { return (name, x, y) }
        }
        return nil
    }

    private func endIfAsked() throws {
        if session.interrupt.isRequested { throw VerbExit(ExitStatus.interrupted) }
    }
}
