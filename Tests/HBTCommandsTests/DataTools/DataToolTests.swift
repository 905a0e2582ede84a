import Foundation
import HBTTypes
import Testing

@testable import HBTCommands
@testable import HBTMarketData

@Suite struct DataToolTests {
    @Test func generatedDataIsReproducible() throws {
        let scratch = try Scratch()
        for name in ["a.npz", "b.npz"] {
            let call = Invocation.run(["generate", "-o", scratch.file(name), "--seed", "3", "--duration", "2s"])
            #expect(call.status == 0 && call.out.hasSuffix("written  \(scratch.file(name))\n"))
        }
        #expect(try scratch.bytes("a.npz") == scratch.bytes("b.npz"))
        #expect(Invocation.run(["generate", "-o", scratch.file("a.npz"), "--seed", "4", "--duration", "2s", "--force"]).status == 0)
        #expect(try scratch.bytes("a.npz") != scratch.bytes("b.npz"))
    }

    @Test func nothingIsOverwrittenUnasked() throws {
        let scratch = try Scratch()
        try scratch.market("a.npz", seconds: 1)
        let before = try scratch.bytes("a.npz")
        let call = Invocation.run(["generate", "-o", scratch.file("a.npz"), "--duration", "1s"])
        #expect(call.status == 2 && call.error == "hbt: \(scratch.file("a.npz")): exists already; --force replaces it\n")
        #expect(try scratch.bytes("a.npz") == before)
        let same = Invocation.run([
            "snapshot", scratch.file("a.npz"), "-o", scratch.file("a.npz"), "--tick-size", "0.1", "--lot-size", "0.001", "--force",
        ])
        #expect(same.status == 2 && same.error == "hbt: \(scratch.file("a.npz")): is an input, too; name another output\n")
    }

    @Test func outputsThatCannotBe() throws {
        let scratch = try Scratch()
        for (path, message) in [
            (scratch.file("a.txt"), "\(scratch.file("a.txt")): the name of the output must end in .npz or .npy"),
            (scratch.file("no/a.npz"), "\(scratch.file("no")): there is no such folder; make it first"),
        ] {
            let call = Invocation.run(["generate", "-o", path, "--duration", "1s"])
            #expect(call.status == 2 && call.error == "hbt: \(message)\n")
        }
        let venue = Invocation.run(["convert", "binance-future", "x.gz", "-o", scratch.file("a.npz")])
        #expect(venue.status == 2 && venue.error.contains("did you mean binance-futures?"), "\(venue.error)")
    }

    @Test func validationFailsOnErrorsAlone() throws {
        let scratch = try Scratch()
        try scratch.market("good.npz", seconds: 2)
        #expect(Invocation.run(["validate", scratch.file("good.npz")]).status == 0)
        var rows = try EventFileReader.readAll(scratch.file("good.npz"))
        rows.reverse()
        try scratch.rows(rows, to: "bad.npz")
        let bad = Invocation.run(["validate", scratch.file("good.npz"), scratch.file("bad.npz")])
        #expect(bad.status == 1 && bad.out.contains("error: clock-reversal"))
        #expect(Invocation.run(["validate", scratch.file("gone.npz")]).status == 2)
    }

    @Test func inspectionCountsRows() throws {
        let scratch = try Scratch()
        try scratch.market("a.npz", seconds: 2)
        let rows = try EventFileReader.readAll(scratch.file("a.npz")).count
        let call = Invocation.run(["inspect", scratch.file("a.npz"), "--json"])
        #expect(call.status == 0 && call.out.contains("\"rows\" : \(rows)"))
    }

    @Test(.enabled(if: Shared.isHere), arguments: [
        ("usdm_btcusdt_20240718", nil, "0.001"), ("usdm_btcusdt_20240719", "usdm_btcusdt_20240718_eod", "0.001"),
        ("usdm_btcusdt_20240808", nil, "0.001"), ("cm_btcusd_perp_20240808", nil, "1"),
    ] as [(String, String?, String)])
    func theBookAtTheEndIsTheReferences(name: String, before: String?, lotSize: String) throws {
        let scratch = try Scratch()
        let call = Invocation.run(
            ["snapshot", Shared.file("data/npz/\(name).npz"), "-o", scratch.file("eod.npz"), "--tick-size", "0.1", "--lot-size", lotSize]
                + (before.map { ["--initial-snapshot", Shared.file("data/npz/\($0).npz")] } ?? []))
        #expect(call.status == 0, "\(call.error)")
        let ours = try EventFileReader.readAll(scratch.file("eod.npz"))
        #expect(ours == (try EventFileReader.readAll(Shared.file("data/npz/\(name)_eod.npz"))))
    }
}
