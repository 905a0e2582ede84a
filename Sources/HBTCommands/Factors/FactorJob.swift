import HBTEngine
import HBTMarketData
import HBTTypes

/// Plays data through a graph, block by block.
struct FactorJob {
    /// Rows of a block.
    static let blockRows = 4096

    let plan: FactorPlan
    let sampling: FactorSampling
    /// Strategy steps at the multiples of this since the epoch; nil for none.
    var stepEveryNs: Int64?
    var replay = ReplaySettings.rows
    let session: Session
    var isQuiet = true

    struct Done {
        var rows: Int64
        var samples: Int64
        var warnings: [String]
    }

    /// Writes the table of values; `path` is replaced.
    func run(to path: String) throws -> Done {
        let graph = try plan.graph()
        let table = try FactorTable(path: path, definition: plan.definition)
        let assets = try RunAssets(plan.assets, .none, replay, session: session, isQuiet: isQuiet) { if !isQuiet { session.console.note($0) } }
        let run = try assets.noticingDamage { try FactorRun(graph, inputs: assets.inputs, sampling: sampling, stepEveryNs: stepEveryNs) }
        let waits = assets.mode == .rows && plan.assets.contains { $0.dataFiles.contains(where: EventFiles.isRecording) }
        let activity = Activity(session.console, quiet: isQuiet || !waits, "reading collector files")
        defer { activity.end() }
        let progress = Progress(session.console, quiet: isQuiet, unit: "rows", total: assets.rowsTotal)
        defer { progress.end() }
        let samples = FactorSamples(capacity: Self.blockRows, columnCount: graph.columns.count)
        try session.interrupt.endingCleanly {
            while try Self.placed(assets, { try run.fill(samples) }) > 0 {
                activity.end()
                try table.append(samples)
                progress.update(run.rowsRead)
                // The table removes what it has written when it goes.
                if session.interrupt.isRequested { throw VerbExit(ExitStatus.interrupted) }
            }
        }
        for (index, asset) in plan.assets.enumerated() where assets.isEmpty(index) {
            throw CommandError("\(asset.spec.symbol): the data has no rows (\(asset.dataFiles.joined(separator: ", "))); nothing was written")
        }
        guard table.rowCount > 0 else {
            throw CommandError("\(path): there is no row to write: the data ends before the first sample; choose a shorter --every")
        }
        try table.finish()
        var warnings = assets.logs.flatMap(\.warnings)
        if graph.hasStepNodes && stepEveryNs == nil { warnings.append("nodes with clock = \"step\" have no sample: give --step 1s, say") }
        return Done(rows: run.rowsRead, samples: table.rowCount, warnings: warnings)
    }

    /// An error in the data, with its file when only one asset can be meant.
    static func placed<Value>(_ assets: RunAssets, _ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch {
            if let damage = assets.damage(error) { throw damage }
            guard assets.logs.count == 1 else { throw error }
            throw DataFailure.placed(error, log: assets.logs[0])
        }
    }
}
