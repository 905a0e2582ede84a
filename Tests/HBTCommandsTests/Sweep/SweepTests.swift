import Foundation
import Testing

@testable import HBTCommands

/// A sweep gives, set by set, what `hbt backtest` gives.
@Suite struct SweepTests {
    /// Rows of a CSV without its header, and where a column stands.
    private func table(_ bytes: [UInt8]) -> (header: [String], rows: [[String]]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        return (lines[0], Array(lines.dropFirst()))
    }

    @Test(arguments: ["none", "hftbacktest-2.4"]) func everySetIsAsItIsAlone(compatibility: String) throws {
        let scratch = try Scratch()
        try scratch.market(seconds: 8)
        let settings = try scratch.settings()
        let common = ["--set", "compatibility=\(compatibility)"]
        // Latency, queue and fees may be swept as well; fill prices of a wider spread differ.
        let grid = ["--grid", "half_spread=0.3:0.7:0.2", "--grid", "asset[0].latency.entry=5ms,20ms", "--grid", "asset[0].fee.maker=-0.0001,0"]
        for (name, extra) in [("one", []), ("two", ["--threads", "2"]), ("rows", ["--replay", "rows"]), ("full", ["--replay", "full"])] {
            let call = Invocation.run(["sweep", settings, "-o", scratch.file("\(name).csv")] + grid + common + extra, cache: scratch.file("cache"))
            #expect(call.status == 0 && call.error == "", "\(name): \(call.error)")
            #expect(try scratch.bytes("\(name).csv") == scratch.bytes("one.csv"), "\(name)")
        }
        let (header, rows) = table(try scratch.bytes("one.csv"))
        #expect(Array(header[..<3]) == ["strategy.half_spread", "asset[0].latency.entry", "asset[0].fee.maker"] && header.last == "digest")
        #expect(rows.count == 12 && Set(rows.compactMap(\.last)).count == 12)
        #expect(rows.map { $0[0] } == ["0.3", "0.5", "0.7"].flatMap { Array(repeating: $0, count: 4) })
        for (number, row) in rows.enumerated() where number % 3 == 0 {
            let sets = zip(header, row).prefix(3).flatMap { ["--set", "\($0)=\($1)"] }
            let out = scratch.file("run\(number)")
            #expect(Invocation.run(["backtest", settings, "--out", out] + sets + common, cache: scratch.file("cache")).status == 0)
            let manifest = try JSONDecoder().decode(Manifest.self, from: Data(scratch.bytes("run\(number)/manifest.json")))
            #expect(manifest.digest == row.last)
            let fills = try #require(header.firstIndex(of: "fills"))
            #expect(String(manifest.counts.fills) == row[fills])
            // The statistics are those of the report.
            let summary = String(decoding: try scratch.bytes("run\(number)/summary.json"), as: UTF8.self)
            for name in ["SR", "MaxDrawdown", "Return"] {
                let column = try #require(header.firstIndex(of: name))
                let value = row[column] == "NaN" ? "\"nan\"" : row[column] == "inf" || row[column] == "-inf" ? "\"\(row[column])\"" : row[column]
                #expect(summary.contains("\"\(name)\": \(value)"), "set \(number): \(name) \(value)")
            }
        }
    }

    /// Each day a run of its own, with a cold start, over all processors.
    @Test func daysSideBySide() throws {
        let scratch = try Scratch()
        let days = ["a.npz", "b.npz", "c.npz"]
        for (number, day) in days.enumerated() {
            try scratch.market(day, seconds: Int64(4 + number), startNs: 1_700_000_000_000_000_000 + Int64(number) * 86_400_000_000_000)
        }
        let settings = try scratch.settings(data: ["a.npz"])
        let grid = ["--grid", "asset.data=\(days.joined(separator: ","))", "--grid", "skew=0,0.2"]
        for (name, extra) in [("one", []), ("three", ["--threads", "3"]), ("rows", ["--threads", "2", "--replay", "rows"])] {
            let call = Invocation.run(["sweep", settings, "-o", scratch.file("\(name).csv")] + grid + extra, cache: scratch.file("cache-\(name)"))
            #expect(call.status == 0 && call.error == "", "\(name): \(call.error)")
            #expect(try scratch.bytes("\(name).csv") == scratch.bytes("one.csv"), "\(name)")
        }
        let (header, rows) = table(try scratch.bytes("one.csv"))
        #expect(rows.map { $0[0] } == days.flatMap { [$0, $0] } && Set(rows.compactMap(\.last)).count == 6)
        for row in rows {
            let sets = zip(header, row).prefix(2).flatMap { ["--set", "\($0)=\($1)"] }
            let out = scratch.file("run")
            #expect(Invocation.run(["backtest", settings, "--out", out, "--force"] + sets, cache: scratch.file("cache")).status == 0)
            #expect(try JSONDecoder().decode(Manifest.self, from: Data(scratch.bytes("run/manifest.json"))).digest == row.last)
        }
    }

    @Test func foldersAndJSON() throws {
        let scratch = try Scratch()
        try scratch.market(seconds: 5)
        let call = Invocation.run(
            ["sweep", try scratch.settings(), "--grid", "skew=0,0.2", "--out", scratch.file("runs"), "--json"], cache: scratch.file("cache"))
        #expect(call.status == 0, "\(call.error)")
        struct Row: Decodable { let set: Int, parameters: [String: String], digest: String }
        let rows = try JSONDecoder().decode([Row].self, from: Data(call.out.utf8))
        #expect(rows.map(\.set) == [0, 1] && rows.map { $0.parameters["strategy.skew"] } == ["0", "0.2"])
        #expect(try scratch.names("runs") == rows.map { "\($0.set)-\($0.digest)" }.sorted())
        for row in rows { #expect(try scratch.names("runs/\(row.set)-\(row.digest)") == RunFiles.all.sorted()) }
    }

    @Test func gridsAreExactDecimals() throws {
        #expect(try SweepGrid(["a=0:0.3:0.1"]).axes == [.init(key: "strategy.a", values: ["0.0", "0.1", "0.2", "0.3"])])
        #expect(try SweepGrid(["a=10:-10:-10", "asset[0].b=x,y"]).sets == [["10", "x"], ["10", "y"], ["0", "x"], ["0", "y"], ["-10", "x"], ["-10", "y"]])
        #expect(try SweepGrid(["a=5"]).sets == [["5"]])
        for wrong in [["a"], ["=1"], ["a=1,,2"], ["a=1,1"], ["a=1:2:0"], ["a=1:2:-1"], ["a=0:1000000:1"], ["a=1", "a=2"]] {
            #expect(throws: CommandError.self) { try SweepGrid(wrong) }
        }
    }

    @Test func mistakesAreNamed() throws {
        let scratch = try Scratch()
        try scratch.market(seconds: 2)
        let settings = try scratch.settings()
        for (arguments, words) in [
            (["--grid", "half_spred=1,2"], "--grid strategy.half_spred=1"),
            (["--grid", "skew=0", "--set", "strategy.sqew=1"], "--set strategy.sqew=1"),
            (["--grid", "half_spread=1,x"], "half_spread"), (["--grid", "half_spread"], "--grid half_spread"),
            (["--grid", "skew=0,1", "--threads", "0"], "--threads 0"), (["--grid", "skew=0,1", "-o", scratch.file("t.txt")], ".csv"),
        ] {
            let call = Invocation.run(["sweep", settings] + arguments, cache: scratch.file("cache"))
            #expect(call.status == ExitStatus.badInput && call.error.contains(words), "\(arguments): \(call.error)")
        }
    }
}
