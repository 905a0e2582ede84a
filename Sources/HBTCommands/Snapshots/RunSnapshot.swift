import Foundation
import HBTEngine
import HBTMarketData

/// A run between two steps, as it stands in a file: enough to go on to the same bytes.
struct RunSnapshot {
    static let currentFormat = 3
    static let suffix = ".snap"

    /// What the state is of; readable without the state.
    struct Description: Codable, Equatable {
        var format = RunSnapshot.currentFormat
        var hbtVersion = HBTVersion.text
        var name: String
        /// `config.toml` of the run.
        var settings: String
        var inputs: [Input]
        /// Simulated time, nanoseconds since the Unix epoch.
        var nowNs: Int64
        var steps: Int64
        var rows: Int64
        var digest: String
        /// Bytes of the journal beside the snapshots when this one was taken.
        var journalBytes: Int64
        /// How the run replays its data: the state goes on in this mode only. Left out by versions that
        /// knew rows alone.
        var replay: String?

        /// Set for a run on a live feed; such a state is a live run's to start from.
        var live: Live?

        var replayMode: ReplayMode { replay.flatMap(ReplayMode.init) ?? .rows }

        enum CodingKeys: String, CodingKey {
            case format, name, settings, inputs, steps, rows, digest, replay, live
            case hbtVersion = "hbt_version"
            case nowNs = "now_ns"
            case journalBytes = "journal_bytes"
        }
    }

    /// What the feeds of a live run were.
    struct Live: Codable, Equatable {
        var isPaper: Bool
        var reorderNs: Int64
        var latencyLimitNs: Int64

        enum CodingKeys: String, CodingKey {
            case isPaper = "is_paper"
            case reorderNs = "reorder_ns"
            case latencyLimitNs = "latency_limit_ns"
        }
    }

    struct Input: Codable, Equatable {
        var path: String
        var bytes: Int64
    }

    var description: Description
    var state: [UInt8]

    /// The run as it stands; everything it produced must have been drained.
    init(of run: StrategyRun, plan: RunPlan, journalBytes: Int64) {
        var writer = StateWriter()
        run.encode(into: &writer)
        state = writer.bytes
        description = Description(
            name: plan.settings.name, settings: plan.configText,
            inputs: plan.inputs.map { Input(path: $0.path, bytes: FileTree.bytes($0.path) ?? -1) },
            nowNs: run.backtest.nowNs, steps: run.steps, rows: run.backtest.rowsRead, digest: run.backtest.digest.hex,
            journalBytes: journalBytes, replay: run.backtest.replay.rawValue)
    }

    /// A live run's state: its rows are in no file.
    init(of run: StrategyRun, plan: RunPlan, live: Live) {
        self.init(of: run, plan: plan, journalBytes: 0)
        description.inputs = []
        description.live = live
    }

    func write(to path: String) throws {
        try StateFile(description: try JSONFile.text(description), state: state).write(to: path)
    }

    /// - Throws: when the file is no snapshot, damaged, or of a version that this program cannot go on from.
    static func read(_ path: String) throws -> RunSnapshot {
        let file = try StateFile.read(path)
        guard let description = try? JSONDecoder().decode(Description.self, from: Data(file.description.utf8)) else {
            throw CommandError("\(path): this is no snapshot of a run, or of another version than \(HBTVersion.text)")
        }
        guard description.format == currentFormat, description.hbtVersion == HBTVersion.text else {
            let taken = "taken by hbt \(description.hbtVersion) (format \(description.format))"
            throw CommandError("\(path): \(taken); hbt \(HBTVersion.text) goes on from its own, of format \(currentFormat); make it again")
        }
        return RunSnapshot(description: description, state: file.state)
    }

    private init(description: Description, state: [UInt8]) {
        self.description = description
        self.state = state
    }

    /// Refuses data that is not what the snapshot was taken on.
    func checkInputs() throws(CommandError) {
        guard description.live == nil else { throw CommandError("this snapshot is of a live run: only hbt run can start from it ([warmup] snapshot)") }
        for input in description.inputs {
            guard let bytes = FileTree.bytes(input.path) else { throw CommandError("\(input.path): the snapshot goes on from this file, and it is gone") }
            guard bytes == input.bytes else {
                throw CommandError("\(input.path): \(bytes) bytes, \(input.bytes) when the snapshot was taken: the data has changed")
            }
        }
    }

    /// Puts a fresh run into the saved state.
    func restore(_ run: StrategyRun) throws {
        var reader = StateReader(state)
        try run.restore(from: &reader)
    }
}
