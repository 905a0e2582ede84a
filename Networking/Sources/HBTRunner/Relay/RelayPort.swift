import HBTChannels
import HBTLive
import Logging

/// The connector's end of one bot's channel: frames between shared memory and the desk.
///
/// Confined to the client's loop, as the engine is.
final class RelayPort {
    let desk: RelayDesk
    private let toBot: SharedPublisher
    private let fromBot: SharedSubscriber
    private let log: Logger

    /// - Parameter wake: called from another thread when the bot has said something.
    init(channel: String, name: String, engine: LiveEngine, isPaper: Bool, log: Logger, wake: @escaping @Sendable () -> Void) throws {
        toBot = try SharedPublisher(channel: channel, topic: "\(name).to", keeps: 0)
        fromBot = try SharedSubscriber(channel: channel, topic: "\(name).from")
        desk = RelayDesk(engine: engine, isPaper: isPaper)
        self.log = log
        try fromBot.listen(wake)
    }

    /// Takes what the bot has said.
    func receive(at ns: Int64) { while fromBot.take({ desk.receive(Array($0), at: ns) }) {} }

    /// Tells the bot what the engine has been told.
    func send() {
        for frame in desk.takeFrames() {
            do {
                try frame.withUnsafeBytes { try toBot.send($0) }
            } catch {
                // The bot notices by the numbers.
                log.error("\(error)")
            }
        }
    }
}
