import ArgumentParser
import HBTLive
import HBTMarketData
import HBTTypes

struct ReconcileVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Say why a live run and its backtest differ, to the last cent.",
        discussion: """
            Backtests the run's journal with its own settings, then swaps one cause at a time (feed, latency, decision, \
            queue, fee) until the live run is reached. What each swap changes is that cause's part.

            Example:  hbt reconcile runs/obi-live-5409c269
                      hbt reconcile runs/obi-live-5409c269 --data BTCUSDT_20260801.npz --out reconciled

            --out leaves reconcile.json, reconcile.html and the measured order latencies (latency-SYMBOL.npz), which \
            latency = { kind = "interpolated" } reads.

            Exit status: 0 done; 2 bad input.
            """
    )

    @Argument(help: ArgumentHelp("The folder of a live run, or its journal.", valueName: "live-run"))
    var place: String
    @Option(parsing: .upToNextOption, help: ArgumentHelp("The market as it really was, recorded elsewhere.", valueName: "file"))
    var data: [String] = []
    @Option(help: ArgumentHelp("A new folder for the reports.", valueName: "folder"))
    var out: String?
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let session = Session.current
        if let out, FileTree.kind(out) != nil { throw CommandError("\(out): it is there already; choose another name for --out") }
        let result = try ReconcileJob(place: place, data: data, session: session).run()
        let report = ReconcileReport(result)
        if let out {
            _ = try FileTree.makeFolders(out)
            try WholeFile.write(JSONFile.text(report), to: FileTree.join(out, "reconcile.json"))
            try WholeFile.write(report.html, to: FileTree.join(out, "reconcile.html"))
            for (asset, symbol) in result.symbols.enumerated() {
                guard let rows = result.facts.latencyRows(asset: asset, withRefusals: true) else { continue }
                let writer = try LatencyFileWriter(path: FileTree.join(out, "latency-\(symbol).npz"))
                try rows.withUnsafeBufferPointer { try writer.append($0) }
                try writer.finish()
            }
        }
        session.console.out(json ? try JSONFile.text(report) : report.text)
    }
}
