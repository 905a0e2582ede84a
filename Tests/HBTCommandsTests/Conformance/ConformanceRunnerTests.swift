import Foundation
import Testing

@testable import HBTCommands

@Suite struct ConformanceRunnerTests {
    /// A market of two rows, one order, and what the reference would answer.
    static let small = """
        {"name":"small","kind":"backtest","depth":"hashmap","assets":[{"tick_size":1.0,"lot_size":1.0,
        "latency":{"kind":"constant","entry":10,"response":20},"queue_model":{"kind":"risk_averse"},
        "exchange":"no_partial_fill","data":[[[3758096385,100,110,100.0,5.0,0,0,0.0],[3758096385,900,910,99.0,1.0,0,0,0.0]]]}],
        "script":[{"op":"elapse","duration":0},{"op":"elapse","duration":10}],
        "expected":{"trace":[{"rc":0,"now":100},{"rc":0,"now":110,"assets":[{"depth":{"best_bid_tick":100,"best_ask":"nan"}}]}]}}
        """

    private func run(_ text: String, name: String = "v.json") throws -> ConformanceResult? {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("conformance-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        return ConformanceRunner().run(file: file.path)
    }

    private func with(_ key: String, _ text: String) -> String {
        text.replacingOccurrences(of: "\"kind\":\"backtest\"", with: key + ",\"kind\":\"backtest\"")
    }

    private func changed(_ from: String, _ to: String) -> String { Self.small.replacingOccurrences(of: from, with: to) }

    @Test func passesWhatAgrees() throws {
        #expect(try run(Self.small)?.line == "PASS small")
    }

    @Test(arguments: [
        ("\"now\":110", "\"now\":111", "step 1 (\"elapse\") now: expected 111, got 110"),
        ("\"rc\":0,\"now\":110", "\"rc\":2,\"now\":110", "step 1 (\"elapse\") rc: expected 2, got 0"),
        ("\"best_bid_tick\":100", "\"best_bid_tick\":101", "step 1 (\"elapse\") assets[0].depth.best_bid_tick: expected 101, got 100"),
        ("\"best_ask\":\"nan\"", "\"best_ask\":1.5", "step 1 (\"elapse\") assets[0].depth.best_ask: expected 1.5, got nan"),
        ("\"best_ask\":\"nan\"", "\"spread\":1", "step 1 (\"elapse\") assets[0].depth.spread: expected 1, got nothing"),
        ("\"now\":110,", "\"now\":110,\"step\":2,", "step 1 (\"elapse\") step: expected 2, got 1"),
    ])
    func namesTheFirstDifference(from: String, to: String, difference: String) throws {
        // The vector has no `op` in its trace; give it one, as the reference's have.
        let text = changed(from, to).replacingOccurrences(of: "{\"rc\"", with: "{\"op\":\"elapse\",\"rc\"")
        #expect(try run(text)?.outcome == .failed(difference))
    }

    @Test func ignoresWhatTheVectorSays() throws {
        let wrong = changed("\"best_bid_tick\":100", "\"best_bid_tick\":101")
        #expect(try run(with("\"ignore\":[\"best_bid_tick\"]", wrong))?.outcome == .passed)
    }

    @Test func toleratesWhatTheVectorSays() throws {
        let off = changed("\"best_bid_tick\":100", "\"best_bid\":100.0000001")
        #expect(try run(off)?.outcome != .passed)
        #expect(try run(with("\"float_tolerance\":1e-8", off))?.outcome == .passed)
        #expect(try run(with("\"float_tolerance\":1e-10", off))?.outcome != .passed)
    }

    @Test func skipsByName() throws {
        #expect(try run("{\"name\":\"f\",\"kind\":\"fuse\"}")?.line == "SKIP f: kind fuse is not available in this version")
        #expect(try run(changed("risk_averse", "l3_fifo"))?.line == "SKIP small: kind backtest with queue model l3_fifo is not available in this version")
    }

    @Test func anIndexHoldsNothingToRun() throws {
        #expect(try run("[{\"name\":\"a\"}]") == nil)
    }

    @Test(arguments: [
        ("", "not JSON: the file ends early at byte 0 (line 1)"),
        ("{\"a\":1", "not JSON: a comma or a closing brace is missing at byte 6 (line 1)"),
        ("{\"kind\":\"backtest\"}\n x", "not JSON: text after the end of the value at byte 21 (line 2)"),
        ("3", "is JSON, but not a vector: an object is expected"),
        ("{}", "the vector has no kind"),
        ("{\"kind\":7}", "kind is 7, not a string"),
        ("{\"kind\":\"backtest\",\"assets\":[]}", "the vector has no depth"),
    ])
    func badFilesAreReportedInOneLine(text: String, reason: String) throws {
        let result = try #require(try run(text, name: "bad.json"))
        #expect(result.outcome == .malformed(reason))
        #expect(result.name == "bad")
        #expect(!result.line.contains("\n"))
    }

    @Test(arguments: [
        ("\"tick_size\":1.0", "\"tick_size\":0.0", "cannot be set up: assets[0]: tick size and lot size must be positive numbers"),
        ("\"op\":\"elapse\",\"duration\":0", "\"op\":\"jump\"", "script[0] has an unknown op jump"),
        ("\"duration\":10", "\"duration\":1.5", "script[1].duration is 1.5, not a 64-bit integer"),
        ("{\"rc\":0,\"now\":100},", "", "expected traces 1 steps of a script of 2"),
        (",5.0,0,0,0.0]", "]", "assets[0].data[0][0] has 4 columns instead of 8"),
        ("risk_averse", "psychic", "assets[0].queue_model is of unknown kind psychic"),
        ("\"op\":\"elapse\",\"duration\":10", "\"op\":\"cancel\",\"asset\":3,\"order_id\":1", "script[1].asset is 3, but there are 1 assets"),
    ])
    func badVectorsAreReportedWithTheirPlace(from: String, to: String, reason: String) throws {
        #expect(try run(changed(from, to))?.outcome == .malformed(reason))
    }

    @Test func aMissingFileIsAnError() {
        let summary = ConformanceRunner().run(["/nowhere/x.json"]) { result in
            #expect(result.line == "FAIL x: /nowhere/x.json: cannot be read; name vector files or a directory of them")
        }
        #expect(summary.line == "0 passed, 1 failed")
        #expect(summary.exitCode == 2)
    }
}
