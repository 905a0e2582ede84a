import Foundation
import HBTExchangeServer
import PaperSupport
import Testing

/// `hbt-run` as a process against an exchange on loopback; every wait is bounded.
@Suite(.serialized, .timeLimit(.minutes(5))) struct LiveRunTests {
    @Test func sigtermCancelsProvesAndWritesWithoutTheSecret() async throws {
        let certificate = try ServerCertificate(host: "127.0.0.1")
        let paper = try Paper(certificate: certificate)
        let session = try Session(port: paper.tlsPort, scheme: "https")
        try certificate.certificatePEM.write(toFile: session.path("ca.pem"), atomically: true, encoding: .utf8)
        let run = try session.start(["--live", "--out", "a", "--ca", "ca.pem", "--log-level", "trace"])
        #expect(try await run.says("synchronised"))
        try await Task.sleep(for: .seconds(4))
        #expect(try await !VenueView.read(port: paper.port).orders.isEmpty, "\(run.errors)")
        kill(run.process.processIdentifier, SIGTERM)
        #expect(try await run.end() == 0, "\(run.errors)")
        let venue = try await VenueView.read(port: paper.port)
        #expect(venue.orders == [])
        #expect(run.errors.contains("positions=[\(venue.position)]"), "\(run.errors.suffix(500))")
        let manifest = try session.text("a/manifest.json")
        #expect(manifest.contains("\"proven_ns\"") && manifest.contains("\"mode\" : \"live\""))
        #expect(run.out.contains("digest"))
        #expect(Verbs.run(["replay", session.path("a/journal")]).status == 0)
        let everything = try session.everything()
        for secret in [Paper.secret, Paper.key, "signature=", "listenKey="] {
            #expect(everything.range(of: Data(secret.utf8)) == nil, "\(secret.prefix(4))… was written")
        }
        try paper.stop()
    }

    @Test func aRunKilledOutrightIsReconciledByTheNext() async throws {
        let paper = try Paper(), session = try Session(port: paper.port)
        let first = try session.start(["--live", "--out", "a"], log: "a")
        #expect(try await first.says("synchronised"))
        try await Task.sleep(for: .seconds(4))
        kill(first.process.processIdentifier, SIGKILL)
        _ = try await first.end()
        #expect(try await !VenueView.read(port: paper.port).orders.isEmpty)
        #expect(Verbs.run(["replay", session.path("a/journal")]).status == 0, "what was written is whole")
        let second = try session.start(["--live", "--out", "b", "--for", "4s"], log: "b")
        #expect(try await second.end() == 0, "\(second.errors)")
        #expect(second.errors.contains("of an earlier run is open; cancelled"))
        let venue = try await VenueView.read(port: paper.port)
        #expect(venue.orders == [])
        #expect(second.errors.contains("positions=[\(venue.position)]"), "\(second.errors.suffix(500))")
        #expect(Verbs.run(["replay", session.path("b/journal")]).status == 0)
        try paper.stop()
    }

    @Test(arguments: ["signal", "file", "command"]) func eachKillSwitchCancelsEverything(_ kind: String) async throws {
        let paper = try Paper(), session = try Session(port: paper.port)
        let run = try session.start(["--live", "--out", "a", "--kill-file", "stop-now"])
        #expect(try await run.says("synchronised"))
        try await Task.sleep(for: .seconds(2))
        switch kind {
        case "signal": kill(run.process.processIdentifier, SIGUSR1)
        case "file": _ = FileManager.default.createFile(atPath: session.path("stop-now"), contents: nil)
        default:
            let command = Process()
            command.executableURL = URL(fileURLWithPath: Session.program)
            command.arguments = ["--kill", session.path("a")]
            command.standardOutput = FileHandle.nullDevice
            try command.run()
            command.waitUntilExit()
            #expect(command.terminationStatus == 0)
        }
        #expect(try await run.end() == 1, "\(run.errors)")
        #expect(run.errors.contains("kill switch") && run.errors.contains("nothing is open at the venue"))
        #expect(try await VenueView.read(port: paper.port).orders == [])
        try paper.stop()
    }

    @Test func anExchangeThatGoesAwayAndComesBackIsTakenUpAgain() async throws {
        let paper = try Paper(), port = paper.port
        let session = try Session(port: port)
        let run = try session.start(["--live", "--out", "a"])
        #expect(try await run.says("synchronised"))
        try await Task.sleep(for: .seconds(1))
        try paper.stop()
        #expect(try await run.says("its orders are cancelled"))
        try await Task.sleep(for: .seconds(2))
        let again = try Paper(port: port)
        #expect(try await run.says("the book is synchronised", times: 2), "\(run.errors.suffix(1_000))")
        try await Task.sleep(for: .seconds(6))
        kill(run.process.processIdentifier, SIGTERM)
        #expect(try await run.end() == 0, "\(run.errors.suffix(2_000))")
        let venue = try await VenueView.read(port: port)
        #expect(venue.orders == [])
        #expect(run.errors.contains("positions=[\(venue.position)]"), "\(venue.position), \(run.errors.suffix(500))")
        try again.stop()
    }

    @Test func badBeginningsAreOneLine() async throws {
        let certificate = try ServerCertificate(host: "127.0.0.1")
        let paper = try Paper(certificate: certificate)
        func refusal(_ session: Session, _ arguments: [String], keys: Bool = true) async throws -> String {
            let run = try session.start(arguments, keys: keys)
            #expect(try await run.end() == 2, "\(run.errors)")
            let lines = run.errors.split(separator: "\n").filter { $0.hasPrefix("hbt: ") }
            #expect(lines.count == 1, "\(run.errors)")
            return String(lines.first ?? "")
        }
        let plain = try Session(port: paper.port)
        #expect(try await refusal(plain, ["--live"], keys: false).contains("set HBT_API_KEY and HBT_API_SECRET"))
        #expect(try await refusal(plain, ["--paper", "--live"]).contains("exclude each other"))
        #expect(try await refusal(Session(port: paper.port, extra: ""), ["--live"]).contains("[risk]"))
        #expect(try await refusal(Session(port: paper.port, tick: "0.2"), ["--paper"]).contains("tick_size = 0.2, but the venue's is 0.1"))
        #expect(try await refusal(Session(port: paper.tlsPort, scheme: "https"), ["--paper"]).contains("certificate is not trusted"))
        try paper.stop()
    }
}
