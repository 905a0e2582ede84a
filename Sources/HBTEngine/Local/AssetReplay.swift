import HBTTypes

/// One asset of a backtest: its market rows, the simulated venue, and our side of the wire.
///
/// What is the same for every kind of book lives here; the rest is behind one switch a batch.
final class AssetReplay {
    enum Core {
        case dense(AssetCore<DenseLevels>)
        case paged(AssetCore<PagedLevels>)
        case tape(TapeCore)
    }
    let core: Core
    /// The core when its book is dense; not counted, `core` keeps it.
    private let dense: Unmanaged<AssetCore<DenseLevels>>?
    /// The core when it is a tape's.
    let tape: TapeCore?
    /// The same, for calls a message.
    private let unretainedTape: Unmanaged<TapeCore>?
    let assetIndex: Int
    let spec: AssetSpec
    let grid: Grid
    let isReference: Bool
    let journal: RunJournal
    @exclusivity(unchecked) var orders = OrderTable()
    @exclusivity(unchecked) var account: Account
    /// Requests on their way to the venue.
    @exclusivity(unchecked) var requests = OrderBus()
    @exclusivity(unchecked) var entryLatency: OrderLatency
    /// (request sent, venue acted, answer received) of the newest answer.
    @exclusivity(unchecked) var orderLatency: (requestNs: Int64, exchangeNs: Int64, responseNs: Int64)?
    @exclusivity(unchecked) private var sendFailure: (any Error)?
    /// Rows that are still to come; nil when they all lie in files.
    let live: LiveFeed?
    /// Mark prices and funding; nil without any.
    @exclusivity(unchecked) var marks: MarkLedger?
    /// Where requests go when the venue is outside.
    let outbox: LiveOutbox?

    init(
        index: Int, input: AssetInput, isReference: Bool, checksOrder: Bool, journal: RunJournal, replay: ReplayMode = .rows
    ) throws {
        let spec = input.spec
        // A venue outside has the latency it has.
        let latency = input.live?.venue == .outside ? .constant(entryNs: 0, responseNs: 0) : spec.latency
        let response = try OrderLatency(latency, rows: input.latencyRows, direction: .response, isReference: isReference)
        entryLatency = try OrderLatency(latency, rows: input.latencyRows, direction: .entry, isReference: isReference)
        if let tape = input.tape {
            let made = try TapeCore(tape: tape, input: input, responseLatency: response, isReference: isReference, mode: replay)
            core = .tape(made)
            self.tape = made
            unretainedTape = .passUnretained(made)
        } else {
            tape = nil
            unretainedTape = nil
            core = Self.rowCore(input, response, isReference: isReference, checksOrder: checksOrder)
        }
        if case .dense(let made) = core { dense = .passUnretained(made) } else { dense = nil }
        live = input.live
        marks = input.marks != nil || input.live != nil ? MarkLedger(input.marks) : nil
        outbox = input.live?.venue == .outside ? LiveOutbox() : nil
        assetIndex = index
        self.spec = spec
        grid = Grid(tickSize: spec.tickSize, lotSize: spec.lotSize)
        account = Account(contract: spec.contract, fee: spec.fee)
        self.isReference = isReference
        self.journal = journal
    }

    private static func rowCore(_ input: AssetInput, _ response: OrderLatency, isReference: Bool, checksOrder: Bool) -> Core {
        switch input.spec.book {
        case .hash:
            .paged(AssetCore(input: input, responseLatency: response, isReference: isReference, checksOrder: checksOrder))
        case .roi:
            .dense(AssetCore(input: input, responseLatency: response, isReference: isReference, checksOrder: checksOrder))
        }
    }

    /// Why data could not be read, if it could not.
    var failure: (any Error)? {
        if let sendFailure { return sendFailure }
        switch core {
        case .dense(let c): return c.failure
        case .paged(let c): return c.failure
        case .tape(let c): return c.failure
        }
    }

    deinit {
        orders.deallocate()
        requests.deallocate()
    }

    /// Whether `failure` is there.
    var hasFailed: Bool {
        if let tape { return tape.hasFailed || sendFailure != nil }
        if let dense, sendFailure == nil { return dense._withUnsafeGuaranteedRef { $0.failure != nil } }
        return failure != nil
    }

    var isTape: Bool { tape != nil }

    /// Replayed from a tape, with answers that never arrive before their cause.
    var isTapeAlone: Bool {
        get throws {
            guard case .tape(let c) = core else { return false }
            return try !c.exchange.latency.mayBeNegative()
        }
    }

    func fail(_ error: any Error) { if sendFailure == nil { sendFailure = error } }

    // MARK: when the next event of each kind falls due; `.max` for none

    var nextLocalFeedNs: Int64 {
        if let dense { return dense._withUnsafeGuaranteedRef { $0.nextLocalFeedNs } }
        return switch core {
        case .dense(let c): c.nextLocalFeedNs
        case .paged(let c): c.nextLocalFeedNs
        case .tape(let c): c.nextLocalFeedNs
        }
    }

    var nextExchangeFeedNs: Int64 {
        switch core {
        case .dense(let c): c.nextExchangeFeedNs
        case .paged(let c): c.nextExchangeFeedNs
        case .tape(let c): c.nextExchangeFeedNs
        }
    }

    var nextResponseNs: Int64 {
        if let dense { return dense._withUnsafeGuaranteedRef { $0.exchange.responses.nextNs } }
        return switch core {
        case .dense(let c): c.exchange.responses.nextNs
        case .paged(let c): c.exchange.responses.nextNs
        case .tape(let c): c.exchange.responses.nextNs
        }
    }

    var nextRequestNs: Int64 { requests.nextNs }

    // MARK: one batch of each kind

    func processLocalFeed(upTo limitNs: Int64, isSingle: Bool) {
        if let dense { return dense._withUnsafeGuaranteedRef { $0.processLocalFeed(upTo: limitNs, isSingle: isSingle) } }
        switch core {
        case .dense(let c): c.processLocalFeed(upTo: limitNs, isSingle: isSingle)
        case .paged(let c): c.processLocalFeed(upTo: limitNs, isSingle: isSingle)
        case .tape(let c): c.processLocalFeed(upTo: limitNs, isSingle: isSingle)
        }
    }

    func processExchangeFeed(upTo limitNs: Int64) -> ReturnCode {
        switch core {
        case .dense(let c): c.processExchangeFeed(upTo: limitNs)
        case .paged(let c): c.processExchangeFeed(upTo: limitNs)
        case .tape(let c): c.processExchangeFeed(upTo: limitNs)
        }
    }

    /// All answers that arrive at exactly `ns`; true when one is for `awaited` (or any, when nil).
    func processResponses(at ns: Int64, awaited: UInt64?) -> Bool {
        var isAwaited = false
        if let unretainedTape {
            return unretainedTape._withUnsafeGuaranteedRef { tape in
                while tape.nextResponseNs == ns {
                    let message = tape.exchange.responses.removeFirst()
                    if awaited == nil || awaited == message.orderId { isAwaited = true }
                    receive(message, at: ns)
                }
                return isAwaited
            }
        }
        while nextResponseNs == ns {
            let message: Order
            switch core {
            case .dense(let c): message = c.exchange.responses.removeFirst()
            case .paged(let c): message = c.exchange.responses.removeFirst()
            case .tape(let c): message = c.exchange.responses.removeFirst()
            }
            if awaited == nil || awaited == message.orderId { isAwaited = true }
            receive(message, at: ns)
        }
        return isAwaited
    }

    /// All requests that reach the venue at exactly `ns`, each answered at once.
    func processRequests(at ns: Int64) -> ReturnCode {
        if let unretainedTape {
            return unretainedTape._withUnsafeGuaranteedRef { tape in
                while requests.nextNs == ns {
                    let code = tape.handle(requests.removeFirst(), at: ns)
                    if code != .ok { return code }
                }
                return .ok
            }
        }
        while requests.nextNs == ns {
            let request = requests.removeFirst()
            let code: ReturnCode
            switch core {
            case .dense(let c): code = c.handle(request, at: ns)
            case .paged(let c): code = c.handle(request, at: ns)
            case .tape(let c): code = c.handle(request, at: ns)
            }
            if code != .ok { return code }
        }
        return .ok
    }

    /// Puts a message on the response bus directly: a request rejected on its way.
    func bounce(_ message: Order, at ns: Int64) {
        switch core {
        case .dense(let c): c.exchange.responses.append(message, at: ns)
        case .paged(let c): c.exchange.responses.append(message, at: ns)
        case .tape(let c): c.exchange.responses.append(message, at: ns)
        }
    }

    // MARK: what we see

    var depth: DepthView {
        if let dense { return dense._withUnsafeGuaranteedRef { $0.depth } }
        return switch core {
        case .dense(let c): c.depth
        case .paged(let c): c.depth
        case .tape(let c): c.depth
        }
    }

    func bidQuantity(atTick tick: Int64) -> Double {
        switch core {
        case .dense(let c): c.local.book.bidQuantity(tick)
        case .paged(let c): c.local.book.bidQuantity(tick)
        case .tape(let c): c.local.book.bidQuantity(tick)
        }
    }

    func askQuantity(atTick tick: Int64) -> Double {
        switch core {
        case .dense(let c): c.local.book.askQuantity(tick)
        case .paged(let c): c.local.book.askQuantity(tick)
        case .tape(let c): c.local.book.askQuantity(tick)
        }
    }

    func sumBids(from lower: Int64, upTo upper: Int64) -> Double {
        switch core {
        case .dense(let c): c.sumBids(from: lower, upTo: upper, isSerial: isReference)
        case .paged(let c): c.sumBids(from: lower, upTo: upper, isSerial: isReference)
        case .tape(let c): c.sumBids(from: lower, upTo: upper, isSerial: isReference)
        }
    }

    func sumAsks(from lower: Int64, upTo upper: Int64) -> Double {
        switch core {
        case .dense(let c): c.sumAsks(from: lower, upTo: upper, isSerial: isReference)
        case .paged(let c): c.sumAsks(from: lower, upTo: upper, isSerial: isReference)
        case .tape(let c): c.sumAsks(from: lower, upTo: upper, isSerial: isReference)
        }
    }

    var feedLatency: (exchangeNs: Int64, localNs: Int64)? {
        if let dense { return dense._withUnsafeGuaranteedRef { $0.local.feedLatency } }
        return switch core {
        case .dense(let c): c.local.feedLatency
        case .paged(let c): c.local.feedLatency
        case .tape(let c): c.local.feedLatency
        }
    }

    var lastTrades: [MarketEvent] {
        switch core {
        case .dense(let c): c.local.lastTrades
        case .paged(let c): c.local.lastTrades
        case .tape(let c): c.local.lastTrades
        }
    }

    func clearLastTrades() {
        switch core {
        case .dense(let c): c.local.lastTrades.removeAll(keepingCapacity: true)
        case .paged(let c): c.local.lastTrades.removeAll(keepingCapacity: true)
        case .tape(let c): c.local.lastTrades.removeAll(keepingCapacity: true)
        }
    }

    func snapshotRows() -> [MarketEvent] {
        switch core {
        case .dense(let c): c.local.book.snapshotRows()
        case .paged(let c): c.local.book.snapshotRows()
        case .tape(let c): c.local.book.snapshotRows()
        }
    }

    /// Answers under way to us.
    var responses: OrderBus {
        switch core {
        case .dense(let c): c.exchange.responses
        case .paged(let c): c.exchange.responses
        case .tape(let c): c.exchange.responses
        }
    }

    /// Our orders as the venue holds them, bids before asks, each side in the order in which it fills.
    var restingOrders: [Order] {
        switch core {
        case .dense(let c): c.exchange.restingOrders
        case .paged(let c): c.exchange.restingOrders
        case .tape(let c): c.exchange.restingOrders
        }
    }

    var rowsRead: Int64 {
        switch core {
        case .dense(let c): c.stream.rowsRead
        case .paged(let c): c.stream.rowsRead
        case .tape(let c): c.rowsRead
        }
    }

    func markout(of execution: UInt64) -> (entry: MarkoutTracker.Entry, isComplete: Bool)? {
        switch core {
        case .dense(let c): c.exchange.markouts.lookUp(execution)
        case .paged(let c): c.exchange.markouts.lookUp(execution)
        case .tape(let c): c.exchange.markouts.lookUp(execution)
        }
    }

    func followsMarkouts(_ isOn: Bool) {
        switch core {
        case .dense(let c): c.exchange.markouts.isOn = isOn
        case .paged(let c): c.exchange.markouts.isOn = isOn
        case .tape(let c): c.exchange.markouts.isOn = isOn
        }
    }

    // MARK: state of what is specific to the kind of book

    func encodeCore(into out: inout StateWriter) {
        switch core {
        case .dense(let c): c.encode(into: &out)
        case .paged(let c): c.encode(into: &out)
        case .tape(let c): c.encode(into: &out)
        }
    }

    func restoreCore(from input: inout StateReader) throws {
        switch core {
        case .dense(let c): try c.restore(from: &input)
        case .paged(let c): try c.restore(from: &input)
        case .tape(let c): try c.restore(from: &input)
        }
    }
}
