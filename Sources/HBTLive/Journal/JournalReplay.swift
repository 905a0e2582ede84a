import HBTEngine
import HBTTypes

/// Plays a journal through the engine again and compares every request and every mark.
public struct JournalReplay {
    public struct Outcome: Equatable, Sendable {
        public var entries: Int64 = 0
        public var requests: Int64 = 0
        public var marks: Int64 = 0
        public var place = JournalMark(steps: 0, nowNs: 0, digest: 0)
        /// The first difference; nil when there is none.
        public var difference: String?
        public var tail = JournalTail.whole
        /// By asset: the account and the mid price at the end.
        public var accounts: [StateValues] = []
        public var mids: [Double] = []
    }

    /// A run made from what the journal says it is, nothing played yet.
    public typealias Maker = (JournalStart) throws -> (run: StrategyRun, feeds: [LiveFeed])

    private let loop: DecisionLoop
    private var expected: [OrderRecord] = []
    private var expectedHead = 0
    private var outcome = Outcome()

    /// - Throws: when the journal cannot be read, or holds inputs that no run can have had.
    public static func run(_ reader: JournalReader, make: Maker) throws -> Outcome {
        guard case .start(let start)? = try reader.next() else {
            throw JournalError("the journal does not begin with its settings; give the folder with its first file (000001.hbtj)")
        }
        let made = try make(start)
        if !start.state.isEmpty {
            var state = StateReader(start.state)
            try made.run.restore(from: &state)
        }
        var replay = JournalReplay(loop: DecisionLoop(run: made.run, feeds: made.feeds, journal: nil))
        replay.outcome.entries = 1
        while replay.outcome.difference == nil, let entry = try reader.next() {
            replay.outcome.entries += 1
            try replay.play(entry)
        }
        replay.outcome.place = replay.loop.place
        replay.outcome.tail = reader.tail ?? .unfinished
        let backtest = made.run.backtest
        for asset in 0..<backtest.assetCount {
            replay.outcome.accounts.append(backtest.state(asset))
            replay.outcome.mids.append(backtest.depth(asset).mid)
        }
        if replay.outcome.difference == nil, replay.outcome.tail == .whole, let left = replay.nextExpected {
            replay.outcome.difference = "the replay asks for \(Self.text(left)), of which the journal knows nothing"
        }
        return replay.outcome
    }

    private init(loop: DecisionLoop) { self.loop = loop }

    private mutating func play(_ entry: JournalEntry) throws {
        switch entry {
        case .start: throw JournalError("the journal begins twice")
        case .rows(let asset, let rows):
            try check(asset)
            noteUnasked()
            rows.withUnsafeBufferPointer { loop.rows($0, asset: asset) }
        case .answer(let asset, let order, let fee, let localNs):
            try check(asset)
            guard loop.feeds[asset].venue == .outside else { throw JournalError("the journal of a paper run holds a venue's answer") }
            noteUnasked()
            loop.answer(order, asset: asset, fee: fee, at: localNs)
        case .correction(let asset, let position, let balance, let localNs):
            try check(asset)
            noteUnasked()
            loop.correct(asset: asset, position: position, balance: balance, at: localNs)
        case .funding(let asset, let amount, let localNs):
            try check(asset)
            noteUnasked()
            loop.funding(amount, asset: asset, at: localNs)
        case .markPrice(let asset, let row):
            try check(asset)
            noteUnasked()
            loop.markPrice(row, asset: asset)
        case .clock(let localNs):
            noteUnasked()
            var requests: [LiveRequest] = []
            loop.advance(to: localNs, requests: &requests)
            take()
        case .request(let kind, let asset, let order): compare(kind, asset, order)
        case .mark(let mark):
            outcome.marks += 1
            noteUnasked()
            let place = loop.place
            if outcome.difference == nil && place != mark {
                outcome.difference = "at step \(mark.steps) (\(mark.nowNs) ns) the run had digest \(Digest(mark.digest).hex); "
                    + "the replay is at step \(place.steps) (\(place.nowNs) ns) with \(Digest(place.digest).hex)"
            }
        case .end(let localNs):
            noteUnasked()
            loop.finish(at: localNs)
            take()
        case .raw, .note: break
        }
        drain()
    }

    private func check(_ asset: Int) throws(JournalError) {
        guard asset >= 0, asset < loop.feeds.count else { throw JournalError("the journal speaks of asset \(asset); its settings have \(loop.feeds.count)") }
    }

    private mutating func take() {
        if expectedHead == expected.count {
            expected.removeAll(keepingCapacity: true)
            expectedHead = 0
        }
        expected += loop.takeOrders().filter { $0.kind != .response }
    }

    private var nextExpected: OrderRecord? { expectedHead < expected.count ? expected[expectedHead] : nil }

    private mutating func compare(_ kind: OrderRecord.Kind, _ asset: Int, _ order: Order) {
        outcome.requests += 1
        let journalled = OrderRecord(kind: kind, assetIndex: asset, localNs: order.localNs, order: order)
        guard let found = nextExpected else {
            outcome.difference = "the run asked for \(Self.text(journalled)); the replay asks for nothing"
            return
        }
        expectedHead += 1
        if found != journalled { outcome.difference = "the run asked for \(Self.text(journalled)); the replay asks for \(Self.text(found))" }
    }

    /// Requests follow the clock that caused them: any other entry finds none left over.
    private mutating func noteUnasked() {
        guard outcome.difference == nil, let left = nextExpected else { return }
        outcome.difference = "the replay asks for \(Self.text(left)), of which the journal knows nothing"
    }

    private func drain() {
        loop.run.drainRecords { _, _ in }
        _ = loop.run.takeFeedLatencies()
        _ = loop.run.backtest.takeFills(isFinal: false)
    }

    static func text(_ record: OrderRecord) -> String {
        let order = record.order
        let side = order.side == .buy ? "buy" : "sell"
        let what = switch record.kind {
        case .submit: "\(side) \(order.quantity) at tick \(order.priceTick)"
        case .modify: "modify to \(order.quantity) at tick \(order.priceTick)"
        case .cancel: "cancel"
        case .response: "answer"
        }
        return "order \(order.orderId) (\(what), \(order.localNs) ns, asset \(record.assetIndex))"
    }
}
