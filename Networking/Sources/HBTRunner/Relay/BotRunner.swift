import Foundation
import HBTChannels
import HBTCommands
import HBTEngine
import HBTLive
import HBTSockets
import Logging

/// A bot: the deciding half of a run, behind a connector that has the sockets.
struct BotRunner {
    let settings: String
    let overrides: [String]
    let isPaper: Bool
    let channel: String
    let out: String?
    let durationNs: Int64?
    let log: Logger
    let strategies: [any Strategy.Type]

    /// How long a connector may take to let a bot in, and to say that nothing is open any more.
    private static let patienceNs: Int64 = 60_000_000_000
    private static let heartbeatNs: Int64 = 200_000_000

    func run() throws -> Int32 {
        let plan = try LivePlan(file: settings, overrides: overrides, isPaper: isPaper, strategies: strategies)
        try SharedMemory.join("hbt-bot-\(ProcessInfo.processInfo.processIdentifier)")
        let name = RelayName.topic(plan.name)
        let fromConnector = try SharedSubscriber(channel: channel, topic: "\(name).to")
        let toConnector = try SharedPublisher(channel: channel, topic: "\(name).from")
        let came = DispatchSemaphore(value: 0)
        try fromConnector.listen { came.signal() }
        StopSwitch.watch()
        let session = try BotSession(plan, folder: out, startNs: WallClock.nowNs())
        let bot = session.bot
        for note in session.startNotes { log.warning("\(note)") }
        log.notice("starting", metadata: [
            "mode": "\(isPaper ? "paper" : "live")", "run": "\(session.runId)", "folder": "\(session.folder)", "connector": "\(channel)",
        ])
        func send(_ frame: [UInt8]) throws { try frame.withUnsafeBytes { try toConnector.send($0) } }

        let startNs = WallClock.nowNs()
        var nextNs = Int64.min, nextDrainNs = startNs, ending: (reason: String, status: Int32, sinceNs: Int64)?
        while true {
            _ = came.wait(timeout: .now() + .milliseconds(20))
            while try fromConnector.take({ if let asked = bot.receive(Array($0)) { try send(asked) } }) {}
            let ns = WallClock.nowNs()
            if case .failed(let reason) = bot.state { return try finish(session, reason, RunStatus.stopped, isProven: false) }
            if bot.state == .closed, let ending { return try finish(session, ending.reason, ending.status, isProven: true) }
            if ns >= nextNs {
                nextNs = ns &+ Self.heartbeatNs
                try send(bot.state == .waiting ? bot.hello() : bot.heartbeat())
            }
            if ns >= nextDrainNs {
                nextDrainNs = ns &+ 1_000_000_000
                if try !session.drain(), ending == nil { ending = try end(bot, session.stopReason ?? "the run has ended", RunStatus.stopped, send) }
            }
            if let ending {
                if bot.state == .waiting { return try finish(session, ending.reason, ending.status, isProven: true) }
                if ns &- ending.sinceNs > Self.patienceNs { return try finish(session, ending.reason, ending.status, isProven: false) }
                continue
            }
            if bot.state == .waiting, ns &- startNs > Self.patienceNs {
                return try finish(session, "no connector serves \(plan.name) on \(channel); start hbt run FILE --serve \(channel)", 2, isProven: true)
            }
            if let (reason, status) = wish(session, ns &- startNs) { ending = try end(bot, reason, status, send) }
        }
    }

    private func wish(_ session: BotSession, _ ageNs: Int64) -> (String, Int32)? {
        switch StopSwitch.current {
        case .none: break
        case .end: return ("asked to end by a signal", RunStatus.done)
        case .kill: return ("kill switch: SIGUSR1", RunStatus.stopped)
        }
        if let durationNs, ageNs >= durationNs { return ("the time given by --for is over", RunStatus.done) }
        guard StopSwitch.isThere("\(session.folder)/\(LiveSession.killName)") else { return nil }
        return ("kill switch: the file \(LiveSession.killName) in the run's folder", RunStatus.stopped)
    }

    private func end(_ bot: RelayBot, _ reason: String, _ status: Int32, _ send: ([UInt8]) throws -> Void) throws -> (String, Int32, Int64) {
        log.notice("ending", metadata: ["reason": "\(reason)"])
        try send(bot.end())
        return (reason, status, WallClock.nowNs())
    }

    /// - Parameter isProven: the connector has found nothing open.
    private func finish(_ session: BotSession, _ reason: String, _ status: Int32, isProven: Bool) throws -> Int32 {
        if status != RunStatus.done { log.error("\(reason)") }
        if !isProven && !isPaper { log.critical("the connector has not said that nothing is open; look at its log") }
        print(try session.finish(LiveSession.Ending(reason: reason, provenNs: isProven ? WallClock.nowNs() : nil)))
        return isProven || isPaper ? status : RunStatus.unproven
    }
}

/// A bot's name where shared memory wants one.
enum RelayName {
    /// Up to 48 plain characters; others become `-`.
    static func topic(_ name: String) -> String {
        let plain = name.utf8.prefix(48).map { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F ? byte : 0x2D
        }
        return String(decoding: plain, as: UTF8.self)
    }
}
