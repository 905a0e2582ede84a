import ArgumentParser

struct RunVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a strategy on the live feed: --paper simulates its fills, --live sends real orders.",
        discussion: """
            A program of its own, hbt-run, built by make live; all arguments go to it.

            Example:  hbt run strategies/live.toml --paper
            """
    )

    @Argument(parsing: .captureForPassthrough, help: "See hbt run --help.")
    var arguments: [String] = []

    func run() throws {
        try Subprogram(verb: "run").start(arguments, executable: Subprogram.ownExecutable)
    }
}
