import ArgumentParser
import HBTLive
import HBTMarketData
import HBTTypes

struct ReplayVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Play the journal of a live run again and compare every decision.",
        discussion: """
            Market rows, answers of the venue and timers go through the same engine in the same order; every order \
            request and every digest on the way must be the one in the journal. Needs no network and no clock.

            Example:  hbt replay runs/obi-live-5409c269/journal
                      hbt replay runs/obi-live-5409c269/journal --recording BTCUSDT.npz

            Exit status: 0 the same decisions; 1 different, with the first difference; 2 the journal cannot be read.
            """
    )

    @Argument(help: ArgumentHelp("The folder of a journal, or its only file.", valueName: "journal"))
    var journal: String
    @Option(help: ArgumentHelp("Write the market rows as hbt backtest reads them, too.", valueName: "file"))
    var recording: String?
    @Option(help: ArgumentHelp("Which asset to record, counted from 0.", valueName: "index"))
    var asset = 0
    @Flag(help: "Print JSON.")
    var json = false
    @Flag(help: "Replace the recording if it is there.")
    var force = false

    func run() throws {
        let session = Session.current
        let outcome = ReplayOutcome(try JournalReplay.run(try JournalReader(journal)) { start in
            let plan = try RunPlan(text: start.settings, name: "the journal's settings", registry: session.strategies, isLive: true)
            return try LiveRun.make(plan, start)
        })
        if let recording { try record(to: recording) }
        session.console.out(json ? try JSONFile.text(outcome) : outcome.text)
        if !outcome.equal { throw VerbExit(ExitStatus.difference) }
    }

    private func record(to path: String) throws {
        guard force || FileTree.kind(path) == nil else { throw CommandError("\(path): it is there already; choose another name, or give --force") }
        let writer = try EventFileWriter(path: path)
        let source = try JournalEventSource(journal, asset: asset)
        let block = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 16_384)
        defer { block.deallocate() }
        while case let count = try source.read(into: block), count > 0 { try writer.append(UnsafeBufferPointer(rebasing: block[..<count])) }
        try writer.finish()
    }
}
