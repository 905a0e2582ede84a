import HBTDigest
import HBTEngine
import HBTLive
import HBTTypes

/// The folder of a live run: stands from the start under its own name, because a run that dies must leave its journal behind.
final class LiveFolder {
    let path: String
    let runId: String
    private let plan: LivePlan
    private let startNs: Int64
    private let outputs: RunOutputs
    /// Snapshots that were passed over, and why.
    var tried: [String] = []

    static let journalName = "journal"

    /// - Parameter path: nil for `runs/NAME-MODE-RUNID`.
    init(_ plan: LivePlan, path: String?, startNs: Int64, runId: String) throws {
        self.plan = plan
        self.startNs = startNs
        self.runId = runId
        let place = path ?? "runs/\(plan.name)-\(Self.mode(plan))-\(runId)"
        self.path = place
        if let names = FileTree.names(in: place) {
            guard names.isEmpty else { throw CommandError("\(place): this folder is not empty; name another place with --out") }
        } else if FileTree.kind(place) != nil {
            throw CommandError("\(place): this is not a folder; name another place with --out")
        }
        _ = try FileTree.makeFolders(FileTree.join(place, Self.journalName))
        try WholeFile.write(plan.plan.configText, to: FileTree.join(place, RunFiles.config))
        outputs = try RunOutputs(folder: place, settings: plan.plan.settings, configText: plan.plan.configText)
    }

    private static func mode(_ plan: LivePlan) -> String { plan.isPaper ? "paper" : "live" }

    /// A journal that begins with `start`.
    func journal(_ start: JournalStart) throws -> JournalWriter {
        let journal = try JournalWriter(folder: FileTree.join(path, Self.journalName))
        journal.add(.start(start))
        return journal
    }

    /// Takes what the run has produced since the last call to its files.
    func drain(_ loop: DecisionLoop, isFinal: Bool = false) throws { try outputs.add(OutputBatch(loop, isFinal: isFinal)) }

    /// Saves the whole run in the `snapshots` folder.
    func saveSnapshot(_ loop: DecisionLoop) throws {
        try drain(loop)
        let place = SnapshotFolder(path: FileTree.join(path, SnapshotFolder.name))
        _ = try FileTree.makeFolders(place.path)
        let live = RunSnapshot.Live(isPaper: plan.isPaper, reorderNs: plan.venue.reorderNs, latencyLimitNs: LiveSession.latencyLimitNs)
        try place.write(RunSnapshot(of: loop.run, plan: plan.plan, live: live), keeps: nil)
    }

    /// Completes the files of a run that has ended.
    ///
    /// - Returns: the run's figures as text.
    func finish(_ loop: DecisionLoop, _ ending: LiveSession.Ending, endedNs: Int64) throws -> String {
        try drain(loop, isFinal: true)
        let run = loop.run, backtest = run.backtest, digest = backtest.digest.hex
        outputs.report.warmUp = run.warmUp
        try outputs.finish(folder: path, digest: digest)
        var manifest = Manifest(
            name: plan.name, strategy: plan.plan.settings.strategyType, compatibility: plan.plan.settings.compatibility.rawValue,
            digest: digest, settingsSHA256: Array(plan.plan.configText.utf8).withUnsafeBytes { SHA256.hex($0) }, inputs: [],
            counts: Manifest.Counts(
                rows: backtest.rowsRead, steps: run.steps, records: outputs.recordCount, requests: backtest.requestCount,
                responses: backtest.responseCount, fills: backtest.fillCount),
            span: outputs.span.map { Manifest.Span(firstNs: $0.firstNs, lastNs: $0.lastNs) }, untilNs: nil, interrupted: false, fork: nil, files: [])
        manifest.live = Manifest.Live(
            mode: Self.mode(plan), runId: runId, startedNs: startNs, endedNs: endedNs, reason: ending.reason,
            provenNs: ending.provenNs)
        if !tried.isEmpty { manifest.warmStart = Manifest.WarmStart(source: plan.plan.warmup?.source.rawValue ?? "cold", tried: tried) }
        for name in RunFiles.listed {
            let found = try FileDigest.of(FileTree.join(path, name))
            manifest.files.append(Manifest.File(name: name, bytes: found.bytes, sha256: found.sha256))
        }
        try WholeFile.write(manifest.json, to: FileTree.join(path, RunFiles.manifest))
        return "\(outputs.report.table())\n\ndigest  \(digest)\nreport  \(path)/\(RunFiles.report)"
    }
}
