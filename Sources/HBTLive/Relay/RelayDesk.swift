import HBTEngine
import HBTTypes

/// The connector's side of one bot: passes its requests on as the run's own, tells it all that the run is told.
///
/// Whoever begins a conversation finds nothing open: what an earlier bot has left is cancelled first. A bot that
/// falls silent, loses a frame or speaks nonsense loses its orders. Without input or output, as all of this module.
public final class RelayDesk {
    public enum State: Equatable, Sendable {
        case alone
        /// What is open is being cancelled, for the bot that has come (nil: none has).
        case clearing(runId: String?)
        case serving(runId: String)
    }
    /// A bot that says nothing for so long is gone.
    public static let silenceNs: Int64 = 2_000_000_000

    public private(set) var state = State.alone
    private let engine: LiveEngine
    private let isPaper: Bool
    private let assets: String
    private var heardNs = Int64.min
    private var expected: UInt64 = 0
    private var opening: JournalStart?
    private var waiting: [[UInt8]] = []

    /// - Parameter isPaper: bots simulate their fills and send nothing.
    public init(engine: LiveEngine, isPaper: Bool) {
        self.engine = engine
        self.isPaper = isPaper
        assets = Self.describe(engine.specs)
    }

    /// What both sides must agree on.
    static func describe(_ specs: [AssetSpec]) -> String {
        specs.map { "\($0.symbol) tick \($0.tickSize) lot \($0.lotSize)" }.joined(separator: ", ")
    }

    /// Frames for the bot, in order; to be taken after every input of the engine.
    public func takeFrames() -> [[UInt8]] {
        if let frame = engine.loop.mirror?.take() { waiting.append(frame) }
        defer { waiting = [] }
        return waiting
    }

    /// A frame of the bot, received at `ns`.
    public func receive(_ bytes: [UInt8], at ns: Int64) {
        let frame: RelayFrame
        do throws(StateError) {
            frame = try RelayFrame(bytes: bytes)
        } catch {
            return drop("a frame of the bot cannot be read: \(error)", at: ns)
        }
        if case .start(let start)? = frame.entries.first { return begin(start, frame.number, at: ns) }
        guard case .serving = state else { return }
        guard frame.number == expected else { return drop("a frame of the bot was lost (\(expected) expected, \(frame.number) came)", at: ns) }
        expected += 1
        heardNs = ns
        for entry in frame.entries {
            switch entry {
            case .request(let kind, let asset, let order):
                guard !isPaper, kind != .response, engine.specs.indices.contains(asset) else { return drop("the bot asks for what it may not", at: ns) }
                engine.relay(LiveRequest(kind: kind, assetIndex: asset, order: order), at: ns)
            case .clock: break
            case .end: return drop("the bot has ended", at: ns)
            default: return drop("the bot says what only a connector may", at: ns)
            }
        }
    }

    /// Time passes: silence is noticed, and a bot is let in once nothing is open.
    public func tick(at ns: Int64) {
        if case .serving = state, ns &- heardNs > Self.silenceNs { drop("the bot has been silent for \((ns &- heardNs) / 1_000_000) ms", at: ns) }
        guard case .clearing(let runId) = state, engine.specs.indices.allSatisfy({ engine.orders.openCount(asset: $0) == 0 }) else { return }
        guard let runId, let start = opening else {
            waiting.append(RelayFrame(number: 0, entries: [.end(localNs: ns)]).bytes)
            state = .alone
            return
        }
        opening = nil
        heardNs = ns
        state = .serving(runId: runId)
        engine.startMirror(start, isPaper: isPaper)
    }

    private func begin(_ start: JournalStart, _ number: UInt64, at ns: Int64) {
        guard start.settings == assets, start.isPaper == isPaper else {
            let theirs = start.settings.prefix(300)
            let reason = start.isPaper == isPaper
                ? "the connector has \(assets); the bot wants \(theirs)" : "the connector is \(isPaper ? "on paper" : "live"), the bot is not"
            waiting.append(RelayFrame(number: 0, entries: [.note(localNs: ns, text: reason), .end(localNs: ns)]).bytes)
            return engine.report("a bot was refused: \(reason)", at: ns)
        }
        guard !isKnown(start.runId) else { return }
        if case .serving(let runId) = state { drop("bot \(runId) is replaced by \(start.runId)", at: ns) }
        opening = start
        expected = number &+ 1
        engine.report("bot \(start.runId) is here", at: ns)
        clear(for: start.runId, at: ns)
        tick(at: ns)
    }

    /// A bot asks again until it is let in.
    private func isKnown(_ runId: String) -> Bool { state == .serving(runId: runId) || state == .clearing(runId: runId) }

    private func drop(_ reason: String, at ns: Int64) {
        guard case .serving = state else { return engine.report(reason, at: ns) }
        engine.loop.mirror = nil
        waiting = []
        engine.report("\(reason); its orders are cancelled", at: ns)
        clear(for: nil, at: ns)
    }

    private func clear(for runId: String?, at ns: Int64) {
        state = .clearing(runId: runId)
        engine.cancelEverything(at: ns)
    }
}
