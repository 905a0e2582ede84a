import ArgumentParser

struct CalibrateVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Fit queue models to the fills of a live run.",
        discussion: """
            For each order that rested: what stood ahead of it, what traded and what was cancelled at its price, and \
            whether and when it was filled. The exponent under which that is likeliest is printed with its standard \
            error, and each model's score on the last third of the orders, which its fit has not seen. Where the orders \
            do not tell the exponent, none is given.

            Example:  hbt calibrate runs/obi-live-5409c269 --own-orders-in-book

            Exit status: 0 a model for every asset; 1 not for every one; 2 bad input.
            """
    )

    @Argument(help: ArgumentHelp("The folder of a live run, or its journal.", valueName: "live-run"))
    var place: String
    @Flag(help: "The feed's quantities hold our own orders, as those of a real venue do (hbt exchange's do not).")
    var ownOrdersInBook = false
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let session = Session.current
        let report = CalibrateReport(try CalibrateJob(place: place, ownInBook: ownOrdersInBook, session: session).run())
        session.console.out(json ? try JSONFile.text(report) : report.text)
        if !report.isWhole { throw VerbExit(ExitStatus.difference) }
    }
}
