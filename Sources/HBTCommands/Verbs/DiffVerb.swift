import ArgumentParser

struct DiffVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show where two runs part, and how far they end apart.",
        discussion: """
            Compares settings, orders, fills and records of two run folders in this order, names the first \
            difference of each and lists the figures that differ.

            Example:  hbt diff runs/obi-market-making-912dd65f6b0752bc runs/obi-market-making-18b8cc46e27cd03b

            Exit status: 0 equal; 1 different; 2 bad input.
            """
    )

    @Argument(help: ArgumentHelp("The folder of a run.", valueName: "run"))
    var first: String
    @Argument(help: ArgumentHelp("The folder of another run.", valueName: "run"))
    var second: String

    func run() throws {
        let difference = try RunDifference(first, second)
        Session.current.console.out(difference.text)
        if !difference.areEqual { throw VerbExit(ExitStatus.difference) }
    }
}
