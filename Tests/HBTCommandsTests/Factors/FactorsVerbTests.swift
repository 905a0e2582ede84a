import Foundation
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTCommands

@Suite("hbt factors")
struct FactorsVerbTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.market()
        try scratch.write(FactorFixture.graph, to: "graph.toml")
    }

    private func factors(_ arguments: String...) -> Invocation {
        Invocation.run(["factors", scratch.file("graph.toml"), "--data", scratch.file("market.npz")] + arguments)
    }

    private func lines(_ name: String) throws -> [Substring] {
        String(decoding: try scratch.bytes(name), as: UTF8.self).split(separator: "\n")
    }

    @Test("the three kinds of file hold the same table") func kinds() throws {
        for name in ["a.csv", "a.npz", "a.parquet"] {
            let call = factors("-o", scratch.file(name), "--every", "100ms")
            #expect(call.status == 0, "\(call.error)")
        }
        let csv = try lines("a.csv")
        #expect(csv[0] == "local_ns,exchange_ns,mid,bids,flow,score,alpha")
        let reader = try ParquetReader(path: scratch.file("a.parquet"))
        #expect(reader.columns.map(\.name) == csv[0].split(separator: ",").map(String.init))
        let table = try reader.read(group: 0)
        #expect(table.rowCount == csv.count - 1)
        #expect(csv.count > 150)
        for (row, line) in csv.dropFirst().enumerated() {
            let fields = line.split(separator: ",")
            #expect(try table.int64s("local_ns")[row] == Int64(fields[0]))
            #expect(try table.doubles("bids")[row].bitPattern == Double(fields[3])?.bitPattern)
        }
        // The array: 7 columns of 8 bytes behind its header.
        let npz = try scratch.bytes("a.npz")
        #expect(npz.count > 0)
    }

    @Test("a node that is the mid price may be named so: the table has it once") func midNode() throws {
        let mid = "\n[[nodes]]\nid = \"mid\"\ntype = \"MidPrice\"\ndependencies = [\"depth\"]\n"
        try scratch.write(FactorFixture.graph + mid, to: "graph.toml")
        for name in ["a.csv", "a.npz", "a.parquet"] { #expect(factors("-o", scratch.file(name), "--every", "100ms").status == 0) }
        #expect(try lines("a.csv")[0] == "local_ns,exchange_ns,mid,bids,flow,score,alpha")
        let reader = try ParquetReader(path: scratch.file("a.parquet"))
        #expect(reader.columns.map(\.name) == ["local_ns", "exchange_ns", "mid", "bids", "flow", "score", "alpha"])
        try scratch.write(FactorFixture.graph + mid.replacing("MidPrice", with: "MicroPrice"), to: "graph.toml")
        #expect(factors("-o", scratch.file("b.csv")).error.contains("a node is named mid, as a column that every table has"))
    }

    @Test("collector files give the values of what they convert to") func collectorFiles() throws {
        // The raw recording lies beside the repository, not in it.
        let raw = Shared.file("data/hftbacktest-raw/usdm/btcusdt_20240718.gz")
        guard Shared.isHere, FileManager.default.fileExists(atPath: raw) else { return }
        #expect(Invocation.run(["convert", "binance-futures", raw, "-o", scratch.file("raw.npz")]).status == 0)
        for (data, table) in [(raw, "gz.csv"), (scratch.file("raw.npz"), "npz.csv")] {
            let call = Invocation.run(["factors", scratch.file("graph.toml"), "--data", data, "-o", scratch.file(table), "--every", "1s"])
            #expect(call.status == 0, "\(call.error)")
        }
        #expect(try lines("gz.csv").count > 100)
        #expect(try scratch.bytes("gz.csv") == scratch.bytes("npz.csv"))
    }

    @Test("rows lie on multiples of the interval") func grid() throws {
        _ = factors("-o", scratch.file("a.csv"), "--every", "250ms")
        let times = try lines("a.csv").dropFirst().compactMap { Int64($0.prefix { $0 != "," }) }
        #expect(times.allSatisfy { $0 % 250_000_000 == 0 })
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == 250_000_000 })
    }

    @Test("--on-change leaves out rows without news, a row per message is the default") func sampling() throws {
        _ = factors("-o", scratch.file("all.csv"))
        _ = factors("-o", scratch.file("changes.csv"), "--on-change")
        let all = try lines("all.csv"), changes = try lines("changes.csv")
        #expect(changes.count < all.count)
        let known = Set(all)
        #expect(changes.allSatisfy { known.contains($0) })
    }

    @Test("several files in order are one stream") func files() throws {
        let rows = try EventFileReader.readAll(scratch.file("market.npz"))
        try scratch.rows(Array(rows[..<(rows.count / 3)]), to: "1.npz")
        try scratch.rows(Array(rows[(rows.count / 3)...]), to: "2.npz")
        _ = factors("-o", scratch.file("whole.csv"))
        let call = Invocation.run([
            "factors", scratch.file("graph.toml"), "--data", scratch.file("1.npz"), scratch.file("2.npz"), "-o", scratch.file("parts.csv"),
        ])
        #expect(call.status == 0)
        #expect(try scratch.bytes("whole.csv") == scratch.bytes("parts.csv"))
    }

    @Test("a strategy's settings bring data and sizes") func strategySettings() throws {
        try scratch.write(FactorFixture.settings(), to: "run.toml")
        _ = factors("-o", scratch.file("graph.csv"))
        let call = Invocation.run(["factors", scratch.file("run.toml"), "-o", scratch.file("run.csv")])
        #expect(call.status == 0, "\(call.error)")
        #expect(try scratch.bytes("graph.csv") == scratch.bytes("run.csv"))
    }

    @Test("two instruments") func twoAssets() throws {
        let other = """

            [[nodes]]
            id = "other_depth"
            type = "DepthSource"
            asset = "OTHER"
            [[nodes]]
            id = "other_mid"
            type = "MidPrice"
            dependencies = ["other_depth"]
            [[nodes]]
            id = "mid_price"
            type = "MidPrice"
            dependencies = ["depth"]
            [[nodes]]
            id = "basis"
            type = "Difference"
            dependencies = ["mid_price", "other_mid"]
            """
        try scratch.write(FactorFixture.graph + other, to: "graph.toml")
        let missing = factors("-o", scratch.file("a.csv"))
        #expect(missing.status == 2)
        #expect(missing.error == "hbt: OTHER: no data; give it with --data OTHER=FILE\n")
        let call = factors("OTHER=" + scratch.file("market.npz"), "--tick-size", "OTHER=0.1", "--lot-size", "OTHER=0.001", "-o", scratch.file("a.csv"))
        #expect(call.status == 0, "\(call.error)")
        let last = try #require(try lines("a.csv").last)
        #expect(last.hasSuffix(",0.0"), "the same data twice has no basis: \(last)")
    }

    @Test("what stops it is said in one line", arguments: [
        (["-o", "a.txt"], "the name of the output must end in .parquet, .npz or .csv"),
        (["-o", "taken.csv"], "exists already; --force replaces it"),
        (["-o", "a.csv", "--every", "0s"], "--every 0s: must be longer than nothing"),
        (["-o", "a.csv", "--step", "0s"], "--step 0s: must be longer than nothing"),
        (["-o", "a.csv", "--every", "1s", "--on-change"], "choose one"),
        (["-o", "a.csv", "--book", "roi"], "not a book"),
        (["-o", "a.csv", "--tick-size", "0"], "not a size"),
        (["-o", "a.csv", "--tick-size", "TSET=0.1"], "did you mean TEST?"),
        (["-o", "a.csv", "--tick-size", "0.01"], "tick_size = 0.1 differs from 0.01"),
        (["-o", "a.csv", "--every", "1h"], "there is no row to write"),
        ([], "name the table to write with -o FILE"),
    ]) func refusals(_ arguments: [String], _ message: String) throws {
        try scratch.write("", to: "taken.csv")
        let call = Invocation.run(
            ["factors", scratch.file("graph.toml"), "--data", scratch.file("market.npz")]
                + arguments.map { $0.contains(".csv") || $0.hasSuffix(".txt") ? scratch.file($0) : $0 })
        #expect(call.status == 2)
        #expect(call.error.contains(message), "\(call.error)")
        #expect(call.error.split(separator: "\n").count == 1)
        #expect(try scratch.names() == ["graph.toml", "market.npz", "taken.csv"], "nothing is left behind")
    }

    @Test("a tape gives the table of its rows", arguments: [["--per-event"], ["--every", "70ms", "--step", "300ms"]])
    func tape(_ sampling: [String]) throws {
        try scratch.write(FactorFixture.graph.replacing("window = 50", with: "window = 50\nclock = \"step\""), to: "graph.toml")
        let made = Invocation.run([
            "convert", "events", scratch.file("market.npz"), "-o", scratch.file("day.tape"), "--tick-size", "0.1", "--lot-size", "0.001",
        ])
        #expect(made.status == 0, "\(made.error)")
        for (data, table) in [("market.npz", "rows.csv"), ("day.tape", "tape.csv")] {
            let call = Invocation.run(
                ["factors", scratch.file("graph.toml"), "--data", scratch.file(data), "-o", scratch.file(table), "--no-cache"] + sampling)
            #expect(call.status == 0, "\(call.error)")
            #expect(call.error.contains("have no sample: give --step") == !sampling.contains("--step"), "\(call.error)")
        }
        #expect(try scratch.bytes("rows.csv") == scratch.bytes("tape.csv"))
        // Neither is the first row of scores all there is, nor are they all undefined.
        let scores = try lines("rows.csv").dropFirst().map { $0.split(separator: ",")[5] }
        #expect((Set(scores).count > 20) == sampling.contains("--step"))
    }

    @Test("sizes are never guessed") func sizes() throws {
        try scratch.write(FactorFixture.graph.replacing("tick_size = 0.1\n", with: ""), to: "graph.toml")
        let call = factors("-o", scratch.file("a.csv"))
        #expect(call.status == 2)
        #expect(call.error == "hbt: TEST: the tick size is not known; write tick_size in the graph's table, or give --tick-size\n")
    }
}
