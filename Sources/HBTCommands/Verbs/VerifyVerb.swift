import ArgumentParser

struct VerifyVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Run a backtest again and compare every byte.",
        discussion: """
            Checks that the data is the one that was used, runs config.toml again in a temporary folder, and \
            compares every file but host.json.

            Example:  hbt verify runs/obi-market-making-5409c269f8315de0

            Exit status: 0 equal; 1 different, with the first difference; 2 the folder or its data cannot be read.
            """
    )

    @Argument(help: ArgumentHelp("The folder of a run.", valueName: "run-dir"))
    var folder: String
    @OptionGroup var replay: ReplayOptions
    @Flag(help: "No progress.")
    var quiet = false

    func run() throws {
        let session = Session.current
        switch try Verification(folder: folder, session: session, isQuiet: quiet, replay: replay.settings(session)).run() {
        case .equal(let digest):
            session.console.out("equal: \(RunFiles.compared.count) files, digest \(digest)")
        case .different(let difference):
            session.console.out("different: \(difference)")
            throw VerbExit(ExitStatus.difference)
        }
    }
}
