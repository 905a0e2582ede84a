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

            --recording FILE.npz writes the market rows; a run that heard of mark prices or was charged funding also leaves \
            FILE-marks.npz, for the asset's "marks".

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
        var specs: [AssetSpec] = []
        let outcome = ReplayOutcome(try JournalReplay.run(try JournalReader(journal)) { start in
            let plan = try RunPlan(text: start.settings, name: "the journal's settings", registry: session.strategies, isLive: true)
            specs = plan.settings.assets.map(\.spec)
            return try LiveRun.make(plan, start)
        })
        if let recording {
            guard specs.indices.contains(asset) else { throw CommandError("--asset \(asset): the journal has assets 0 to \(specs.count - 1)") }
            try record(to: recording)
            try recordMarks(beside: recording, specs[asset], session.console)
        }
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

    /// Mark prices and funding go into a file of their own, if there are any.
    private func recordMarks(beside recording: String, _ spec: AssetSpec, _ console: Console) throws {
        let path = Self.marksPath(recording)
        var marks = try JournalMarks(journal, asset: asset, spec: spec)
        guard let first = try marks.next() else { return }
        guard force || FileTree.kind(path) == nil else { throw CommandError("\(path): it is there already; choose another name, or give --force") }
        let writer = try MarkFileWriter(path: path)
        var block = [first]
        while let row = try marks.next() {
            block.append(row)
            guard block.count == 4_096 else { continue }
            try block.withUnsafeBufferPointer { try writer.append($0) }
            block.removeAll(keepingCapacity: true)
        }
        try block.withUnsafeBufferPointer { try writer.append($0) }
        try writer.finish()
        console.note("mark prices and funding: marks = [\"\(path)\"]")
        if marks.unexpressed > 0 { console.note("\(marks.unexpressed) payments of funding came without a position and are not in it") }
    }

    /// `day.npz` → `day-marks.npz`.
    static func marksPath(_ recording: String) -> String {
        guard let dot = recording.lastIndex(of: "."), !recording[dot...].contains("/") else { return recording + "-marks.npz" }
        return recording[..<dot] + "-marks" + recording[dot...]
    }
}
