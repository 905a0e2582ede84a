import ArgumentParser
import HBTEngine

struct ConformanceVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance",
        abstract: "Check this engine against recorded answers of HftBacktest.",
        discussion: """
            Runs vector files (JSON) and prints a line for each: PASS name, or FAIL name: first difference.

            Example:  hbt conformance vectors/*.json --data data/

            Exit status: 0 all passed; 1 a vector differs; 2 a file is no vector.
            """
    )

    @Argument(help: "Vector files, or folders of them.")
    var file: [String]
    @Option(help: ArgumentHelp("Where the data files of vectors on real data are, at any depth.", valueName: "dir"))
    var data: String?

    @Option(help: ArgumentHelp("How market rows are replayed: rows, or auto, full, scan or index from tapes where they fit one.", valueName: "mode"))
    var replay: String = ReplayMode.rows.rawValue

    func run() throws {
        guard let mode = ReplayMode(rawValue: replay) else { throw ReplayOptions.unknown(replay) }
        let console = Session.current.console
        if let data, FileTree.kind(data) != .folder { throw CommandError("--data \(data): there is no such folder") }
        let summary = ConformanceRunner(dataDirectory: data, replay: mode).run(file) { console.out($0.line) }
        console.out(summary.line)
        if summary.exitCode != 0 { throw VerbExit(summary.exitCode) }
    }
}
