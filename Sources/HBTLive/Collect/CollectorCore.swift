import HBTBinance
import HBTMarketData

/// The recorder of raw feeds without sockets: messages and times go in; lines go to the files, and orders to the
/// shell come out.
///
/// Over two connections (a replacement overlaps with what it replaces) each message is written once. A break in the
/// chain of depth updates, a new day's file and lost lines each ask for a snapshot, whose answer becomes a line.
public final class CollectorCore {
    public struct Connection: Hashable, Sendable {
        public let group: Int
        public let id: Int
    }
    public enum Action: Equatable, Sendable {
        case connect(Connection, path: String)
        case close(Connection)
        /// GET; the answer goes to `snapshot`, its absence to `snapshotFailed`.
        case fetch(symbol: String, path: String)
    }
    public struct Counts: Equatable, Sendable {
        public var messages: Int64 = 0
        public var duplicates: Int64 = 0
        public var gaps: Int64 = 0
        public var snapshots: Int64 = 0
        public var failedSnapshots: Int64 = 0
        /// Messages that are no JSON of the venue's; they are kept under this name instead of a symbol's.
        public var unreadable: Int64 = 0
        /// Answers to requests, and symbols that nobody asked for.
        public var unwanted: Int64 = 0
        public var connectionFailures: Int64 = 0
    }

    /// Instead of a symbol in the name of the file of what cannot be read.
    public static let unreadableName = "unreadable"
    private static let dayNs: Int64 = 86_400_000_000_000

    public let recorder: FeedRecorder
    private let settings: CollectorSettings
    private let places: [String: Int]
    private var feeds: [SymbolFeed]
    private var groups: [(path: String, plan: ConnectionPlan)]
    private var parser = StreamParser()
    private var newestNs = Int64.min
    private var day = Int64.min
    /// When snapshots were asked for in the last minute.
    private var fetchTimes: [Int64] = []
    private var quietUntilNs = Int64.min
    private var unreadable: Int64 = 0, unwanted: Int64 = 0, failedSnapshots: Int64 = 0
    private var notes: [String] = []

    /// - Parameter settings: without `fault`.
    public init(settings: CollectorSettings, recorder: FeedRecorder) {
        precondition(settings.fault == nil, "settings are checked before")
        self.settings = settings
        self.recorder = recorder
        places = Dictionary(uniqueKeysWithValues: settings.symbols.enumerated().map { ($1, $0) })
        feeds = settings.symbols.indices.map { SymbolFeed(rule: settings.depthRule, seed: settings.seed &+ UInt64($0)) }
        groups = settings.streamPaths.enumerated().map { index, path in
            (path, ConnectionPlan(limits: settings.limits, backoff: Backoff(seed: settings.seed &+ 1_000_000 &+ UInt64(index))))
        }
    }

    public var counts: Counts {
        var sum = Counts(failedSnapshots: failedSnapshots, unreadable: unreadable, unwanted: unwanted)
        for feed in feeds {
            sum.messages += feed.counts.messages
            sum.duplicates += feed.counts.duplicates
            sum.gaps += feed.counts.gaps
            sum.snapshots += feed.counts.snapshots
        }
        for group in groups { sum.connectionFailures += group.plan.failures }
        return sum
    }

    /// What ought to be said since the last call, one line each.
    public func takeNotes() -> [String] {
        defer { notes.removeAll() }
        return notes + recorder.takeNotes()
    }

    public func opened(_ connection: Connection, at ns: Int64) { groups[connection.group].plan.opened(connection.id, at: ns) }

    public func closed(_ connection: Connection, at ns: Int64, why: String) {
        groups[connection.group].plan.closed(connection.id, at: ns)
        notes.append("connection \(connection.group + 1).\(connection.id) ended: \(why)")
    }

    /// A ping, or anything else that shows that the connection lives.
    public func heard(on connection: Connection, at ns: Int64) { groups[connection.group].plan.message(on: connection.id, at: ns) }

    /// A message of a combined stream. Receipt times that go back are held at the newest.
    public func message(_ bytes: UnsafeRawBufferPointer, on connection: Connection, at ns: Int64) {
        heard(on: connection, at: ns)
        let localNs = noteTime(ns)
        let parsed: StreamMessage
        do throws(WireFault) {
            parsed = try parser.parse(bytes)
        } catch {
            unreadable += 1
            if unreadable == 1 { notes.append("a message cannot be read (\(error)); such messages go to the file \(Self.unreadableName)") }
            return recorder.add(symbol: Self.unreadableName, localNs: localNs, message: bytes)
        }
        guard let name = parser.stream?.prefix(while: { $0 != "@" }), let place = places[name.uppercased()] else {
            unwanted += 1
            if unwanted == 1 { notes.append("a message of no stream that was asked for: \(String(decoding: bytes.prefix(200), as: UTF8.self))") }
            return
        }
        let gaps = feeds[place].counts.gaps
        guard feeds[place].accepts(parsed) else { return }
        if feeds[place].counts.gaps > gaps { notes.append("\(settings.symbols[place]): depth updates are missing; a snapshot follows") }
        recorder.add(symbol: settings.symbols[place], localNs: localNs, message: bytes)
    }

    /// The answer to `fetch`: written whatever it says, as long as it is JSON.
    ///
    /// - Parameter retryAfterNs: how long the venue asks to be left alone (429, 418).
    public func snapshot(_ symbol: String, status: Int, body: UnsafeRawBufferPointer, at ns: Int64, retryAfterNs: Int64 = 0) {
        guard let place = places[symbol] else { return }
        let localNs = noteTime(ns)
        guard let parsed = try? parser.parse(body) else { return snapshotFailed(symbol, at: ns, why: "status \(status), not JSON", retryAfterNs: retryAfterNs) }
        guard case .snapshot(let snapshot) = parsed, status == 200 else {
            if body.first == UInt8(ascii: "{") { recorder.add(symbol: symbol, localNs: localNs, message: body) }
            let words = String(decoding: body.prefix(200), as: UTF8.self)
            return snapshotFailed(symbol, at: ns, why: "status \(status): \(words)", retryAfterNs: retryAfterNs)
        }
        recorder.add(symbol: symbol, localNs: localNs, message: body)
        feeds[place].snapshot(lastId: snapshot.lastUpdateId, at: ns)
    }

    public func snapshotFailed(_ symbol: String, at ns: Int64, why: String, retryAfterNs: Int64 = 0) {
        guard let place = places[symbol] else { return }
        failedSnapshots += 1
        notes.append("\(symbol): no snapshot (\(why))")
        if retryAfterNs > 0 { quietUntilNs = max(quietUntilNs, ns &+ min(retryAfterNs, 3_600_000_000_000)) }
        feeds[place].snapshotFailed(at: ns)
    }

    /// Time passes: to be called ten times a second or so.
    public func tick(_ ns: Int64) -> [Action] {
        let localNs = noteTime(ns)
        recorder.tick(localNs)
        for symbol in recorder.takeHoles() { places[symbol].map { feeds[$0].want() } }
        var actions: [Action] = []
        for group in groups.indices {
            for action in groups[group].plan.tick(ns) {
                switch action {
                case .connect(let id): actions.append(.connect(Connection(group: group, id: id), path: groups[group].path))
                case .close(let id): actions.append(.close(Connection(group: group, id: id)))
                }
            }
        }
        fetchTimes.removeAll { localNs &- $0 >= 60_000_000_000 }
        guard ns >= quietUntilNs else { return actions }
        for place in feeds.indices where fetchTimes.count < settings.snapshotsPerMinute && feeds[place].takeWish(at: ns) {
            fetchTimes.append(localNs)
            actions.append(.fetch(symbol: settings.symbols[place], path: settings.snapshotPath(settings.symbols[place])))
        }
        return actions
    }

    /// Writes everything. False when something could not be written.
    public func finish() -> Bool { recorder.finish() }

    private func noteTime(_ ns: Int64) -> Int64 {
        newestNs = max(newestNs, ns)
        let today = newestNs / Self.dayNs
        if today > day {
            // A day's file is to be of use alone.
            if day != .min { for place in feeds.indices { feeds[place].want() } }
            day = today
        }
        return newestNs
    }
}
