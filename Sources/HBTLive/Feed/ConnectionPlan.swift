/// Keeps one stream connected: opens, notices silence, waits longer after each failure, and replaces a connection
/// before the venue ends it (Binance: after 24 hours), with both open for a while.
///
/// Times and events go in, orders to the shell come out.
public struct ConnectionPlan: Sendable {
    public struct Limits: Sendable {
        /// Age at which a replacement is opened.
        public var rolloverNs: Int64 = 23 * 3_600_000_000_000 + 1_800_000_000_000
        /// How long old and new are both open, from the new one's first message.
        public var overlapNs: Int64 = 10_000_000_000
        /// No message (pings count) for so long: the connection is dead.
        public var silenceNs: Int64 = 60_000_000_000
        /// A connection that does not open within this has failed.
        public var openNs: Int64 = 10_000_000_000
        /// Open for so long: failures before it are forgotten.
        public var stableNs: Int64 = 30_000_000_000
        public init() {}
    }
    public enum Action: Equatable, Sendable {
        case connect(id: Int)
        case close(id: Int)
    }
    private struct Line {
        var id: Int
        var startedNs: Int64
        var openedNs: Int64?
        var firstMessageNs: Int64?
        var newestNs: Int64
    }
    private let limits: Limits
    private var backoff: Backoff
    private var lines: [Line] = []
    private var nextId = 1
    private var waitUntilNs: Int64?
    public private(set) var failures: Int64 = 0

    public init(limits: Limits = Limits(), backoff: Backoff) {
        self.limits = limits
        self.backoff = backoff
    }

    /// At least one connection is open.
    public var isOpen: Bool { lines.contains { $0.openedNs != nil } }
    public var connectionCount: Int { lines.count }

    /// When `tick` is wanted next at the latest.
    public func nextTickNs(after nowNs: Int64) -> Int64 { min(waitUntilNs ?? .max, nowNs &+ 1_000_000_000) }

    public mutating func opened(_ id: Int, at ns: Int64) {
        guard let i = lines.firstIndex(where: { $0.id == id }) else { return }
        lines[i].openedNs = ns
        lines[i].newestNs = ns
    }

    public mutating func message(on id: Int, at ns: Int64) {
        guard let i = lines.firstIndex(where: { $0.id == id }) else { return }
        lines[i].newestNs = ns
        if lines[i].firstMessageNs == nil { lines[i].firstMessageNs = ns }
    }

    /// The connection ended, whoever ended it.
    public mutating func closed(_ id: Int, at ns: Int64) {
        guard let i = lines.firstIndex(where: { $0.id == id }) else { return }
        let line = lines.remove(at: i)
        fail(line, at: ns)
    }

    /// What to do now.
    public mutating func tick(_ ns: Int64) -> [Action] {
        var actions: [Action] = []
        for line in lines {
            let isLate = line.openedNs == nil && ns &- line.startedNs >= limits.openNs
            let isSilent = line.openedNs != nil && ns &- line.newestNs >= limits.silenceNs
            guard isLate || isSilent else { continue }
            actions.append(.close(id: line.id))
            lines.removeAll { $0.id == line.id }
            fail(line, at: ns)
        }
        // The new one speaks: the old one goes when both have spoken for a while.
        if lines.count > 1, let first = lines[lines.count - 1].firstMessageNs, ns &- first >= limits.overlapNs {
            for line in lines.dropLast() { actions.append(.close(id: line.id)) }
            lines.removeFirst(lines.count - 1)
        }
        if let line = lines.first, let opened = line.openedNs, ns &- opened >= limits.stableNs { backoff.reset() }
        let isAged = lines.count == 1 && lines[0].openedNs.map { ns &- $0 >= limits.rolloverNs } ?? false
        if (lines.isEmpty || isAged) && ns >= waitUntilNs ?? .min {
            actions.append(.connect(id: nextId))
            lines.append(Line(id: nextId, startedNs: ns, newestNs: ns))
            nextId += 1
            waitUntilNs = nil
        }
        return actions
    }

    private mutating func fail(_ line: Line, at ns: Int64) {
        failures += 1
        waitUntilNs = ns &+ backoff.next()
    }
}
