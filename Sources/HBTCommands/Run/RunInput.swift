import HBTTypes

/// One file that a run reads.
struct RunInput: Equatable {
    enum Role: String { case data, initialSnapshot = "initial_snapshot", latency, warmup, marks }

    var asset: String
    var role: Role
    /// Absolute.
    var path: String
    /// Where the asset's files stand in the settings.
    var location: SourceLocation

    static func all(of settings: RunSettings) -> [RunInput] { all(of: settings.assets) }

    static func all(of assets: [AssetSettings]) -> [RunInput] {
        assets.flatMap { asset in
            var files: [(Role, String)] = asset.dataFiles.map { (.data, $0) }
            if let file = asset.initialSnapshotFile { files.append((.initialSnapshot, file)) }
            if case .files(let paths) = asset.latencySource { files += paths.map { (.latency, $0) } }
            files += asset.markFiles.map { (.marks, $0) }
            return files.map { RunInput(asset: asset.spec.symbol, role: $0, path: $1, location: asset.dataLocation) }
        }
    }

    /// Finds out early what would stop the run anyway.
    func check() throws(SettingsError) {
        let fault: String
        switch FileTree.kind(path) {
        case .file: return
        case nil: fault = "does not exist; correct the path (paths are relative to the settings file)"
        case .folder: fault = "is a folder; name the files in it"
        case .other: fault = "is not a regular file; copy the data into one"
        }
        throw SettingsError(location, "\(asset): \(role.rawValue) file \(path) \(fault)")
    }
}
