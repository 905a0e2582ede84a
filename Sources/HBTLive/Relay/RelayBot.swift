import HBTEngine
import HBTTypes

/// A bot: decides on what a connector tells it, and tells the connector.
///
/// The shell sends `hello` until the state is no longer `.waiting`, hands over frames in order, and sends what
/// `receive` and `heartbeat` give back.
public final class RelayBot {
    public enum State: Equatable, Sendable {
        case waiting
        case running
        /// The connector has closed the conversation, and nothing is open.
        case closed
        /// It cannot go on.
        case failed(String)
    }
    public private(set) var state = State.waiting
    public let loop: DecisionLoop
    private let start: JournalStart
    private let specs: [AssetSpec]
    private let isPaper: Bool
    private var expected: UInt64?
    private var nextNumber: UInt64 = 0
    private var isEnding = false
    /// Time of the newest input.
    public private(set) var nowNs = Int64.min
    private var requests: [LiveRequest] = []

    public init(loop: DecisionLoop, runId: String, isPaper: Bool) {
        self.loop = loop
        self.isPaper = isPaper
        let backtest = loop.run.backtest
        specs = (0..<backtest.assetCount).map { backtest.spec($0) }
        start = JournalStart(settings: RelayDesk.describe(specs), runId: runId, isPaper: isPaper, reorderNs: 0, latencyLimitNs: 0)
    }

    public func hello() -> [UInt8] { frame([.start(start)]) }
    public func heartbeat() -> [UInt8] { frame([.clock(localNs: nowNs)]) }

    /// No request goes out any more; the connector cancels what is open and says when nothing is.
    public func end() -> [UInt8] {
        isEnding = true
        return frame([.end(localNs: nowNs)])
    }

    private func frame(_ entries: [JournalEntry]) -> [UInt8] {
        defer { nextNumber += 1 }
        // Hellos repeat, and open the conversation whichever arrives.
        return RelayFrame(number: state == .waiting ? 0 : nextNumber, entries: entries).bytes
    }

    /// - Returns: what is to be sent; nil for nothing.
    public func receive(_ bytes: [UInt8]) -> [UInt8]? {
        switch state {
        case .closed, .failed: return nil
        case .waiting, .running: break
        }
        do {
            let frame = try RelayFrame(bytes: bytes)
            guard try isOurs(frame) else { return nil }
            var asked: [JournalEntry] = []
            for entry in frame.entries { try take(entry, &asked) }
            return asked.isEmpty || isEnding ? nil : self.frame(asked)
        } catch {
            state = .failed("\(error)")
            return nil
        }
    }

    /// Frames for an earlier bot are passed over; once it is ours, none may be missing.
    private func isOurs(_ frame: RelayFrame) throws(StateError) -> Bool {
        if case .start(let other)? = frame.entries.first {
            guard other.runId == start.runId else { throw StateError("the connector serves another bot (\(other.runId)) now") }
            (state, nextNumber) = (.running, 1)
        } else if state == .waiting {
            if case .note(_, let text)? = frame.entries.first { throw StateError("the connector refuses: \(text)") }
            return false
        }
        if case .end? = frame.entries.last, frame.number == 0 {
            state = isEnding ? .closed : .failed("the connector has ended the conversation")
            return false
        }
        if isEnding { return false }
        guard expected == nil || frame.number == expected else { throw StateError("frames of the connector were lost; start the bot again") }
        expected = frame.number &+ 1
        return true
    }

    private func take(_ entry: JournalEntry, _ asked: inout [JournalEntry]) throws(StateError) {
        switch entry {
        case .start, .note: break
        case .rows(let asset, let rows):
            try check(asset)
            rows.withUnsafeBufferPointer { loop.rows($0, asset: asset) }
        case .answer(let asset, let order, let fee, let localNs):
            try check(asset)
            guard !isPaper else { throw StateError("a paper bot has no orders to be answered") }
            loop.answer(order, asset: asset, fee: fee, at: localNs)
        case .correction(let asset, let position, let balance, let localNs):
            try check(asset)
            loop.correct(asset: asset, position: position, balance: balance, at: localNs)
        case .funding(let asset, let amount, let localNs):
            try check(asset)
            loop.funding(amount, asset: asset, at: localNs)
        case .markPrice(let asset, let row):
            try check(asset)
            loop.markPrice(row, asset: asset)
        case .clock(let localNs):
            nowNs = max(nowNs, localNs)
            requests.removeAll(keepingCapacity: true)
            loop.advance(to: localNs, requests: &requests)
            for request in requests { asked.append(.request(request.kind, asset: request.assetIndex, order: request.order)) }
        case .request, .mark, .raw, .end: throw StateError("the connector says what only a bot may")
        }
    }

    private func check(_ asset: Int) throws(StateError) {
        guard specs.indices.contains(asset) else { throw StateError("the connector speaks of asset \(asset); there are \(specs.count)") }
    }
}
