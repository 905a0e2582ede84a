import Foundation
import PaperSupport
import Testing

/// A connector and its bot as processes of their own, through shared memory.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ConnectorTests {
    @Test(.enabled(if: SharedMemoryDaemon.shared.runs)) func aBotTradesThroughItsConnectorAndLeavesNothingOpen() async throws {
        let paper = try Paper(), session = try Session(port: paper.port)
        let channel = "desk-\(ProcessInfo.processInfo.processIdentifier)"
        let connector = try session.start(["--live", "--out", "desk", "--serve", channel], log: "desk")
        #expect(try await connector.says("synchronised"), "\(connector.errors)")
        let bot = try session.start(["--live", "--out", "bot", "--via", channel], keys: false, log: "bot")
        #expect(try await connector.says("is here"), "\(connector.errors)\n\(bot.errors)")
        try await Task.sleep(for: .seconds(4))
        #expect(try await !VenueView.read(port: paper.port).orders.isEmpty, "\(connector.errors)\n\(bot.errors)")
        kill(bot.process.processIdentifier, SIGTERM)
        #expect(try await bot.end() == 0, "\(bot.errors)")
        #expect(try await VenueView.read(port: paper.port).orders == [])
        #expect(Verbs.run(["replay", session.path("bot/journal")]).status == 0, "the bot's decisions repeat")

        // One that dies leaves nothing open either, and the next finds an empty table.
        let second = try session.start(["--live", "--out", "bot2", "--via", channel], keys: false, log: "bot2")
        #expect(try await connector.says("is here", times: 2), "\(second.errors)")
        try await Task.sleep(for: .seconds(3))
        kill(second.process.processIdentifier, SIGKILL)
        #expect(try await connector.says("silent"), "\(connector.errors)")
        try await Task.sleep(for: .seconds(1))
        #expect(try await VenueView.read(port: paper.port).orders == [])

        kill(connector.process.processIdentifier, SIGTERM)
        #expect(try await connector.end() == 0, "\(connector.errors)")
        try paper.stop()
    }

    @Test(.enabled(if: SharedMemoryDaemon.shared.runs)) func twoBotsOfOneSymbolAreRefused() async throws {
        let session = try Session(port: 1)
        try session.text("run.toml").replacingOccurrences(of: "name = \"grid\"", with: "name = \"other\"")
            .write(toFile: session.path("other.toml"), atomically: true, encoding: .utf8)
        let run = try session.start(["other.toml", "--paper", "--serve", "x"])
        #expect(try await run.end() == 2)
        #expect(run.errors.contains("give each bot its own"), "\(run.errors)")
    }
}
