import ArgumentParser
import HBTMarketData

struct ValidateVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check data files for what would make a backtest wrong.",
        discussion: """
            Errors: rows out of order, values that are not finite or negative, gaps in a recorded feed, damaged \
            lines. Warnings and notes are told too, and fail the check with --strict.

            Example:  hbt validate data/btcusdt-sample.npz

            Exit status: 0 no errors; 1 errors found (with --strict: or warnings); 2 the file cannot be read.
            """
    )

    @Argument(help: "Event files or collector files, each checked by itself.")
    var file: [String]
    @OptionGroup var options: FeedCheckOptions
    @Option(help: ArgumentHelp("Silences longer than this are told: a duration such as 10s.", valueName: "duration"))
    var silence: String = "10s"
    @Flag(help: "Warnings fail the check, too.")
    var strict = false
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let session = Session.current
        let silenceNs = try DurationArgument.ns(silence, "--silence")
        let check = FeedCheck(session: session, options: options, silenceNs: silenceNs)
        var checked: [CheckedFile] = []
        for path in file {
            let validation = FeedValidation(try check.report(path))
            let isFine = validation.passes && !(strict && validation.findings.contains { $0.severity == .warning })
            checked.append(CheckedFile(file: path, passes: isFine, findings: validation.findings))
            if !json { session.console.out("\(path)\n\(validation.text)") }
        }
        if json { session.console.out(try JSONFile.text(CheckedFiles(files: checked))) }
        if checked.contains(where: { !$0.passes }) { throw VerbExit(ExitStatus.difference) }
    }
}

private struct CheckedFiles: Encodable {
    var files: [CheckedFile]
}

private struct CheckedFile: Encodable {
    var file: String
    var passes: Bool
    var findings: [FeedFinding]
}
