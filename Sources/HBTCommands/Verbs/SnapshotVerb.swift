import ArgumentParser
import HBTEngine
import HBTMarketData
import HBTTypes

/// `hbt snapshot`: of a book to start the next day from, and of a run to go on from.
struct SnapshotVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Write the book at the end of the data; explain a saved run.",
        subcommands: [SnapshotTakeVerb.self, SnapshotInspectVerb.self],
        defaultSubcommand: SnapshotTakeVerb.self
    )
}

struct SnapshotTakeVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "take",
        abstract: "Write the book at the end of the data, to start the next day from.",
        discussion: """
            Plays the files in order and writes the local book: bids from the best down, then asks from the best \
            up, as an event file for initial_snapshot.

            Example:  hbt snapshot btcusdt_20240718.npz -o btcusdt_20240718_eod.npz --tick-size 0.1 --lot-size 0.001

            Exit status: 0 done; 2 bad input.
            """
    )

    @Argument(help: "Event files or collector files, in order of time.")
    var data: [String]
    @Option(name: [.short, .customLong("output")], help: "The file to write; .npz or .npy.")
    var output: String
    @Option(help: ArgumentHelp("Smallest price step, quote currency.", valueName: "price"))
    var tickSize: Double
    @Option(help: ArgumentHelp("Smallest quantity step, base currency.", valueName: "quantity"))
    var lotSize: Double
    @Option(help: ArgumentHelp("An event file with the book at the start.", valueName: "file"))
    var initialSnapshot: String?
    @Flag(help: "Replace the output if it exists.")
    var force = false

    func run() throws {
        let session = Session.current
        try OutputPlace.check(output, force: force, inputs: data + (initialSnapshot.map { [$0] } ?? []))
        let activity = Activity(session.console, quiet: false, "playing \(data.count == 1 ? data[0] : "\(data.count) files")")
        defer { activity.end() }
        let rows = try EndOfData(
            files: data, tickSize: tickSize, lotSize: lotSize, initialSnapshot: initialSnapshot
        ).book()
        let count = try EventCopy(session: session, isQuiet: true).run(ArrayEventSource(rows), to: output)
        activity.end()
        session.console.out("levels   \(count)\nwritten  \(output)")
    }
}
