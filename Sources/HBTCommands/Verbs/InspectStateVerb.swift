import ArgumentParser

struct InspectStateVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect-state",
        abstract: "Show a recorded run as it stood at any moment.",
        discussion: """
            Plays the run again from its newest snapshot before the moment (or from its beginning) and shows \
            books, orders, queue positions, messages under way and accounts. Nothing is written.

            Example:  hbt inspect-state runs/obi-market-making-912dd65f6b0752bc --at 2024-08-07T00:05:00Z
            hbt inspect-state runs/obi-market-making-912dd65f6b0752bc --at order:600083

            Exit status: 0 done; 2 bad input.
            """
    )

    @Argument(help: ArgumentHelp("The folder of a run.", valueName: "run"))
    var folder: String
    @Option(help: ArgumentHelp(
        "A time (ISO 8601 in UTC, or nanoseconds), event:LINE of orders.csv, order:ID or step:NUMBER.", valueName: "moment"))
    var at: String
    @Option(help: ArgumentHelp("Levels of the book to show on each side.", valueName: "count"))
    var levels = 10
    @OptionGroup var replay: ReplayOptions
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        guard let moment = Moment(at) else {
            throw CommandError("--at \(at): not a moment; write 2024-08-08T12:00:00Z, nanoseconds, event:LINE, order:ID or step:NUMBER")
        }
        let session = Session.current
        let inspection = StateInspection(folder: folder, session: session, replay: try replay.settings(session))
        let state = try CachedTapeDamage.recovering(session.console.note) { try inspection.run(at: moment) }
        let shown = max(levels, 0)
        session.console.out(try json ? JSONFile.text(StateDocument(state, levels: shown)) : StateText(run: state, levels: shown).text)
    }
}
