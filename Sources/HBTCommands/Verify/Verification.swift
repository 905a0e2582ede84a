import Foundation

/// `hbt verify`: is a run's folder what its settings and data give?
struct Verification {
    let folder: String
    let session: Session
    var isQuiet = true
    var replay = ReplaySettings.rows

    enum Outcome: Equatable {
        case equal(digest: String)
        /// What differs, one line.
        case different(String)
    }

    /// - Throws: when the folder is no run, or its data is gone; nothing can be said then.
    func run() throws -> Outcome {
        let manifestPath = FileTree.join(folder, RunFiles.manifest)
        guard FileTree.kind(folder) == .folder else { throw CommandError("\(folder): there is no such folder; name the folder of a run") }
        guard FileTree.kind(manifestPath) == .file else {
            throw CommandError("\(folder): this is not the folder of a run: it has no \(RunFiles.manifest)")
        }
        let manifest: Manifest
        do {
            manifest = try JSONDecoder().decode(Manifest.self, from: Data(try WholeFile.read(manifestPath)))
        } catch is DecodingError {
            return .different("\(RunFiles.manifest): it is damaged: not the JSON that hbt \(HBTVersion.text) writes")
        }
        guard manifest.format == Manifest.currentFormat else {
            throw CommandError("\(manifestPath): format \(manifest.format), this hbt reads \(Manifest.currentFormat); verify with hbt \(manifest.hbtVersion)")
        }
        if let difference = try settingsDifference(manifest) ?? inputDifference(manifest) { return .different(difference) }
        return try CachedTapeDamage.recovering(session.console.note) { try runAgain(manifest) }
    }

    private func settingsDifference(_ manifest: Manifest) throws -> String? {
        let path = FileTree.join(folder, RunFiles.config)
        guard FileTree.kind(path) == .file else { return "\(RunFiles.config): the folder does not have it" }
        let found = try FileDigest.of(path).sha256
        guard found != manifest.settingsSHA256 else { return nil }
        return "\(RunFiles.config): SHA-256 \(found), \(manifest.settingsSHA256) in the manifest"
    }

    private func inputDifference(_ manifest: Manifest) throws -> String? {
        for input in manifest.inputs {
            guard FileTree.kind(input.path) == .file else {
                throw CommandError("\(input.path): \(input.asset)'s \(input.role) file is gone; put it back to verify this run")
            }
            let found = try FileDigest.of(input.path)
            guard found.sha256 == input.sha256 else {
                return "\(input.path): SHA-256 \(found.sha256), \(input.sha256) in the manifest: the data has changed"
            }
        }
        return nil
    }

    private func runAgain(_ manifest: Manifest) throws -> Outcome {
        let temporary = try PartialFolder(
            in: FileManager.default.temporaryDirectory.path, name: "hbt-verify", interrupt: session.interrupt,
            advice: "name another place in TMPDIR")
        defer { temporary.discard() }
        let plan = try RunPlan(file: FileTree.join(folder, RunFiles.config), registry: session.strategies)
        let limit = RunLimit(untilNs: manifest.untilNs, interruptedAfterSteps: manifest.interrupted ? manifest.counts.steps : nil)
        var replay = replay
        replay.makesTapes = limit == RunLimit()
        let again = try BacktestJob(
            plan: plan, limit: limit, isQuiet: isQuiet, start: manifest.fork.map { .again($0) } ?? .beginning, replay: replay,
            session: session
        ).run(into: temporary.path)
        if let difference = try FileComparison.firstDifference(folder, temporary.path, names: RunFiles.compared) {
            let version = manifest.hbtVersion == HBTVersion.text ? "" : " (made by hbt \(manifest.hbtVersion), this is \(HBTVersion.text))"
            return .different("\(difference.file): \(difference.place), in the folder and when run again\(version)")
        }
        return .equal(digest: again.manifest.digest)
    }
}
