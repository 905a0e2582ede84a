import Foundation
import HBTChannels
import PaperSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(3))) struct PublishTests {
    /// What a subscriber sees is read by Python where there is one (`HBTChannelsTests`); here, that a run publishes and stays itself.
    @Test(.enabled(if: ZeroMQPublisher.isAvailable)) func aPublishingRunDecidesAsItsJournalDoes() async throws {
        let paper = try Paper(), session = try Session(port: paper.port)
        let run = try session.start(["--paper", "--out", "a", "--for", "4s", "--publish", "tcp://127.0.0.1:0"])
        #expect(try await run.says("publishing"), "\(run.errors)")
        #expect(try await run.end() == 0, "\(run.errors)")
        #expect(Verbs.run(["replay", session.path("a/journal")]).status == 0)
        try paper.stop()
    }

    @Test func whatCannotBePublishedIsSaidAtTheStart() async throws {
        let paper = try Paper(), session = try Session(port: paper.port)
        let run = try session.start(["--paper", "--out", "a", "--publish", "tcp://0.0.0.0:0"])
        #expect(try await run.end() == 2)
        #expect(run.errors.contains(ZeroMQPublisher.isAvailable ? "--publish-openly" : "package trait ZeroMQ"), "\(run.errors)")
        try paper.stop()
    }
}
