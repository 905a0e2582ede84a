import Foundation
import HBTLive
import PaperSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(3))) struct MarkTests {
    @Test(arguments: [true, false]) func aRunHearsTheVenuesMarkPriceWhereItHasMarks(hasMarks: Bool) async throws {
        let paper = try Paper(), session = try Session(port: paper.port)
        let text = try session.text("run.toml").replacingOccurrences(
            of: "lot_size = 0.001\n", with: "lot_size = 0.001\n" + (hasMarks ? "marks = [\"none.csv\"]\nmark_to_market = true\n" : ""))
        try text.write(toFile: session.path("run.toml"), atomically: true, encoding: .utf8)
        let run = try session.start(["--paper", "--out", "a", "--for", "5s"])
        #expect(try await run.end() == 0, "\(run.errors)")
        let journal = try JournalReader(session.path("a/journal"))
        var prices: [Double] = []
        while let entry = try journal.next() { if case .markPrice(_, let row) = entry { prices.append(row.markPrice) } }
        #expect(hasMarks ? prices.count >= 2 && prices.allSatisfy { $0 > 0 } : prices.isEmpty)
        let replay = Verbs.run(["replay", session.path("a/journal")])
        #expect(replay.status == 0, "\(replay)")
        try paper.stop()
    }
}
