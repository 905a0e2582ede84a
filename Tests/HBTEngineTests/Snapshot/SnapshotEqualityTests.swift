import HBTEngine
import HBTMarketData
import HBTTypes
import Testing

/// run(0..n) == restore(k) + run(k..n), for any k: by digest, by every record and by every fill.
struct SnapshotEqualityTests {
    static let models: [SnapshotRuns] = {
        var all: [SnapshotRuns] = []
        let queues: [QueueModel] = [
            .riskAverse, .logProb, .logProb2, .powerProb(n: 2), .powerProb2(n: 2), .powerProb3(n: 3),
        ]
        for (i, queue) in queues.enumerated() {
            for exchange in [ExchangeModel.noPartialFill, .partialFill] {
                all.append(SnapshotRuns(
                    strategy: i % 2, queue: queue, exchange: exchange, book: i % 2 == 0 ? .hash : .roi(lower: 58_000, upper: 62_000),
                    isInterpolated: exchange == .partialFill, compatibility: i % 3 == 0 && exchange == .noPartialFill ? .hftbacktest24 : .none))
            }
        }
        all.append(SnapshotRuns(strategy: 2, book: .hash))
        return all
    }()

    @Test(arguments: models.indices)
    func resumedRunEqualsTheStraightRun(index: Int) throws {
        let model = Self.models[index]
        let straight = SnapshotRuns.finish(try model.make())
        #expect(straight.fills.count > 3 || model.strategy == 2, "a run without fills proves little")
        var random = SeededRandom(seed: UInt64(index + 1))
        for _ in 0..<3 {
            let k = 1 + random.below(Int(straight.steps) - 1)
            let first = try model.make()
            first.advance(maxSteps: k)
            var records: [[RecordRow]] = Array(repeating: [], count: model.assets)
            first.drainRecords { records[$0] += $1 }
            let fills = first.backtest.takeFills(isFinal: false)
            var state = StateWriter()
            first.encode(into: &state)

            let resumed = try model.make()
            var input = StateReader(state.bytes)
            try resumed.restore(from: &input)
            var again = StateWriter()
            resumed.encode(into: &again)
            let isSame = again.bytes == state.bytes
            #expect(isSame, "a restored run encodes to the bytes it came from (step \(k))")
            let difference = SnapshotRuns.finish(resumed, records: records, fills: fills).difference(from: straight)
            #expect(difference == nil, "resumed at step \(k)")
        }
    }

    @Test func damagedStateIsAnErrorOrAnotherRun() throws {
        let model = SnapshotRuns()
        let run = try model.make()
        run.advance(maxSteps: 100)
        run.drainRecords { _, _ in }
        var state = StateWriter()
        run.encode(into: &state)
        // Shorter by any amount: always an error, never a crash.
        var random = SeededRandom(seed: 9)
        for _ in 0..<25 {
            let length = random.below(state.bytes.count)
            var input = StateReader(Array(state.bytes[..<length]))
            #expect(throws: (any Error).self) { try model.make().restore(from: &input) }
        }
    }

    @Test func stateOfOtherSettingsIsRefused() throws {
        let run = try SnapshotRuns(compatibility: .none).make()
        run.advance(maxSteps: 10)
        var state = StateWriter()
        run.encode(into: &state)
        var input = StateReader(state.bytes)
        #expect(throws: StateError.self) { try SnapshotRuns(compatibility: .hftbacktest24).make().restore(from: &input) }
    }
}
