import ArgumentParser
import HBTReport

struct SnapshotInspectVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Explain a saved run: what it is of, when it was taken, whether it is whole.",
        discussion: """
            Example:  hbt snapshot inspect runs/obi-market-making-912dd65f6b0752bc/snapshots/step-000000000300.snap

            Exit status: 0 whole; 2 damaged, of another version, or no snapshot.
            """
    )

    @Argument(help: ArgumentHelp("A snapshot of a run.", valueName: "snapshot"))
    var file: String
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let snapshot = try RunSnapshot.read(file)
        let description = snapshot.description
        guard !json else { return Session.current.console.out(try JSONFile.text(description)) }
        var table = TextTable(alignments: [.left, .left])
        table.add(["run", description.name])
        table.add(["taken at", "\(description.nowNs) ns"])
        table.add(["steps", "\(description.steps)"])
        table.add(["rows read", "\(description.rows)"])
        table.add(["digest so far", description.digest])
        table.add(["state", "\(snapshot.state.count) bytes, checksum right"])
        table.add(["journal", "\(description.journalBytes) bytes of \(OutputJournal.name)"])
        table.add(["written by", "hbt \(description.hbtVersion), format \(description.format)"])
        for input in description.inputs { table.add(["data", "\(input.path), \(input.bytes) bytes"]) }
        Session.current.console.out(table.text + "\n\n" + description.settings)
    }
}
