import ArgumentParser
import HBTMarketData

struct InspectVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what is in a data file.",
        discussion: """
            Counts rows by kind and side, spans and silences by each clock, feed latency, crossed books. \
            Reads .npz, .npy and collector files (.gz).

            Example:  hbt inspect data/btcusdt-sample.npz

            Exit status: 0 done; 2 bad input.
            """
    )

    @Argument(help: "Event files or collector files, each looked at by itself.")
    var file: [String]
    @OptionGroup var options: FeedCheckOptions
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let session = Session.current
        let check = FeedCheck(session: session, options: options)
        var found: [InspectedFile] = []
        for path in file {
            let report = try check.report(path)
            if json { found.append(InspectedFile(file: path, report: report)) } else { session.console.out("\(path)\n\(report.text)") }
        }
        if json { session.console.out(try JSONFile.text(InspectedFiles(files: found))) }
    }
}

private struct InspectedFiles: Encodable {
    var files: [InspectedFile]
}

private struct InspectedFile: Encodable {
    var file: String
    var report: FeedReport
}
