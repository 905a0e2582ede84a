import HBTMarketData

/// The folder that `hbt new` makes.
struct TemplatePackage {
    /// Two minutes of market: enough to see fills, and small.
    private static let sampleNs: Int64 = 120_000_000_000

    let name: PackageName
    let origin: PackageOrigin

    /// Path in the package and text, of every file but the data.
    var files: [(path: String, text: String)] {
        let text = TemplateText(name: name, origin: origin)
        return [
            ("Package.swift", text.manifest),
            ("README.md", text.readme),
            (".gitignore", ".build/\nruns/\n"),
            ("Sources/\(name.package)/main.swift", text.main),
            ("Sources/\(name.package)/\(name.typeName).swift", text.strategy),
            ("\(name.package).toml", text.settings),
        ]
    }

    /// Makes the folder in the current one, complete or not at all.
    func write(_ session: Session) throws {
        guard FileTree.kind(name.package) == nil else { throw CommandError("\(name.package): exists already; choose another name") }
        let partial = try PartialFolder(in: ".", name: name.package, interrupt: session.interrupt, advice: "go to another folder first")
        do {
            for file in files {
                let path = "\(partial.path)/\(file.path)"
                _ = try FileTree.makeFolders(FileTree.split(path).folder)
                try WholeFile.write(file.text, to: path)
            }
            _ = try FileTree.makeFolders("\(partial.path)/data")
            var parameters = MarketParameters()
            parameters.durationNs = Self.sampleNs
            _ = try EventCopy(session: session, isQuiet: true).run(MarketGenerator(parameters), to: "\(partial.path)/data/sample.npz")
            _ = try partial.place(at: name.package, force: false)
        } catch {
            partial.discard()
            throw CommandError(ErrorLine.text(error).replacing(partial.path, with: name.package))
        }
    }
}
