import HBTEngine
import HBTTypes

/// Between the engine's wishes and the venue's words: knows at every moment what is open, what may be, and what is not.
///
/// Without input or output. Requests, reports, answers and times go in; actions for the venue, answers for the engine
/// and corrections come out, to be taken after each call. The user stream and the answers to requests may arrive in
/// any order, twice or not at all: an execution counts once, by its trade id; a state only moves forward; what got no
/// answer is asked for until the venue has said what became of it.
public final class OrderManager {
    public struct Limits: Sendable {
        /// A request without an answer for so long is of unknown outcome.
        public var answerNs: Int64 = 2_000_000_000
        /// A request that the venue still does not know so long after it was sent never arrived (above recvWindow).
        public var settleNs: Int64 = 10_000_000_000
        /// Executions that an answer speaks of are asked for when the stream has not brought them.
        public var tradesNs: Int64 = 1_000_000_000
        /// Between two questions about the same thing.
        public var queryNs: Int64 = 1_000_000_000
        /// Finished orders are remembered for late reports.
        public var rememberNs: Int64 = 600_000_000_000
        /// A difference of positions must stand for so long before it is believed.
        public var positionNs: Int64 = 2_000_000_000
        public init() {}
    }

    /// An answer for the engine (`DecisionLoop.answer`).
    public struct Answer: Equatable, Sendable {
        public var asset: Int
        public var order: Order
        public var fee: Double?
    }

    // Every method is called alone and none calls out: no checks of exclusive access.

    public let ids: OrderIds
    let specs: [AssetSpec]
    let limits: Limits
    @exclusivity(unchecked) public var budget: RateBudget
    @exclusivity(unchecked) var orders = OrderStore()
    /// Numbers of orders that are not done, ascending.
    @exclusivity(unchecked) var active: [UInt64] = []
    /// Numbers of done orders and when they were, oldest first.
    @exclusivity(unchecked) private var finished: [(number: UInt64, ns: Int64)] = []
    @exclusivity(unchecked) private var finishedHead = 0
    @exclusivity(unchecked) var byEngineId = EngineIdTable()
    /// Text of the next numbers, made while nothing is waiting for it.
    @exclusivity(unchecked) private var preparedIds: [String] = []
    @exclusivity(unchecked) private var nextNumber: UInt64 = 1
    @exclusivity(unchecked) private var nextExecution: UInt64 = 1
    /// Sum of executions and corrections.
    @exclusivity(unchecked) public internal(set) var positions: [Double]
    @exclusivity(unchecked) public internal(set) var tradeCounts: [Int64]
    /// By asset: how long the newest request took to be answered, or to be given up.
    @exclusivity(unchecked) var roundTrips: [RoundTrip?]
    @exclusivity(unchecked) var isPositionKnown: [Bool]
    @exclusivity(unchecked) var positionDoubts: [PositionDoubt?]
    @exclusivity(unchecked) var reportedForeign: Set<String> = []
    @exclusivity(unchecked) var kill: KillProgress?

    /// Requests that may go out as one call; 1 without batches.
    @exclusivity(unchecked) public var mostInBatch = 1
    /// The venue is the simulation, and answers are to be those that it gives inside the engine (`OrderManager+Simulated`).
    @exclusivity(unchecked) public var isSimulated = false
    /// Where the answers to what happened at one moment begin, while they are gathered.
    @exclusivity(unchecked) var firstOfMoment: Int?
    /// When that moment was, on the venue's clock.
    @exclusivity(unchecked) var momentNs: Int64?
    @exclusivity(unchecked) var momentIds: [String] = []

    @exclusivity(unchecked) var actions: [OrderAction] = []
    @exclusivity(unchecked) var answers: [Answer] = []
    @exclusivity(unchecked) var corrections: [Correction] = []

    public init(ids: OrderIds, specs: [AssetSpec], limits: Limits = Limits(), budget: RateBudget = RateBudget()) {
        self.ids = ids
        self.specs = specs
        self.limits = limits
        self.budget = budget
        positions = Array(repeating: 0, count: specs.count)
        tradeCounts = Array(repeating: 0, count: specs.count)
        roundTrips = Array(repeating: nil, count: specs.count)
        isPositionKnown = Array(repeating: false, count: specs.count)
        positionDoubts = Array(repeating: nil, count: specs.count)
    }

    // MARK: what came of a call

    public func takeActions(at ns: Int64 = .min) -> [OrderAction] {
        let taken = take(&actions)
        return mostInBatch > 1 && taken.count > 1 ? batched(taken, at: ns) : taken
    }
    public func takeAnswers() -> [Answer] { take(&answers) }

    /// Appends the actions to `list`; keeps the memory.
    func moveActions(to list: inout [OrderAction], at ns: Int64) {
        guard !actions.isEmpty else { return }
        if mostInBatch > 1 && actions.count > 1 { actions = batched(actions, at: ns) }
        list.append(contentsOf: actions)
        actions.removeAll(keepingCapacity: true)
    }

    /// Calls `body` with each answer, those included that come up meanwhile; keeps the memory.
    func passAnswers(_ body: (Answer) -> Void) {
        var next = 0
        while next < answers.count {
            body(answers[next])
            next += 1
        }
        if next > 0 { answers.removeAll(keepingCapacity: true) }
    }

    public func takeCorrections() -> [Correction] { take(&corrections) }

    private func take<T>(_ values: inout [T]) -> [T] {
        guard !values.isEmpty else { return [] }
        defer { values = [] }
        return values
    }

    // MARK: what is known

    public func state(clientId: String) -> OrderState? {
        guard case .thisRun(let number) = ids.owner(clientId) else { return nil }
        return orders[number]?.state
    }

    /// Orders that are, or may be, open; in order of submission.
    public var openClientIds: [String] { active.compactMap { orders[$0]?.clientId } }

    /// Orders of an asset that may be open: their quantity still open, by side (buys, sells).
    public func openQuantity(asset: Int) -> (buys: Double, sells: Double) {
        var sum = (buys: 0.0, sells: 0.0)
        for number in active {
            guard let m = orders.pointer(number), m.pointee.asset == asset else { continue }
            let leaves = max(m.pointee.total - m.pointee.executed, 0)
            if m.pointee.order.side == .buy { sum.buys += leaves } else { sum.sells += leaves }
        }
        return sum
    }

    /// Orders of an asset that are, or may be, open.
    public func openCount(asset: Int) -> Int { active.count { orders.pointer($0)?.pointee.asset == asset } }

    /// How long the newest request of an asset took to be answered; 0 when there was none, or when it is older than
    /// `freshNs`: then only another request can tell.
    public func roundTripNs(asset: Int, freshNs: Int64, at ns: Int64) -> Int64 {
        guard let trip = roundTrips[asset], ns &- trip.measuredNs <= freshNs else { return 0 }
        return trip.ns
    }

    /// Cancels what is open on an asset for a reason of our own: its book cannot be trusted.
    public func cancelAll(asset: Int, at ns: Int64) {
        for number in active where orders.pointer(number)?.pointee.asset == asset { cancelOurselves(number, at: ns) }
    }

    // MARK: parts

    func half(_ asset: Int) -> Double { specs[asset].lotSize / 2 }

    func newOrder(_ order: Order, asset: Int, at ns: Int64) -> UInt64 {
        let number = nextNumber
        nextNumber += 1
        orders[number] = ManagedOrder(
            number: number, clientId: preparedIds.popLast() ?? ids.text(number), asset: asset, order: order, sentNs: ns)
        active.append(number)
        byEngineId.set(asset: asset, orderId: order.orderId, to: number)
        return number
    }

    /// Makes ready what the next orders need, so that they find it when a message waits for them.
    func prepare() {
        orders.prepare(nextNumber)
        guard preparedIds.count < 2 else { return }
        // The next one last, from where it is taken.
        preparedIds.removeAll(keepingCapacity: true)
        for number in (nextNumber..<nextNumber &+ 16).reversed() { preparedIds.append(ids.text(number)) }
    }

    /// Changes an order and files it by what it has become.
    func change(_ number: UInt64, at ns: Int64, _ body: (inout ManagedOrder) -> Void) {
        var wasDone = false, isDone = false
        orders.change(number) { m in
            wasDone = m.isDone
            body(&m)
            isDone = m.isDone
        }
        guard isDone != wasDone else { return }
        if isDone {
            active.removeAll { $0 == number }
            finished.append((number, ns))
        } else {
            active.insert(number, at: active.firstIndex { $0 > number } ?? active.count)
        }
    }

    /// Tells the engine where an order stands.
    func tell(_ m: ManagedOrder) {
        var order = m.order
        order.status = m.status
        order.request = .none
        order.leavesQuantity = isSimulated ? m.leaves : max(m.total - m.executed, 0)
        order.executionId = 0
        if isSimulated { order.localNs = m.placedNs }
        answers.append(Answer(asset: m.asset, order: order, fee: nil))
    }

    /// Tells the engine of an execution, which `m` has booked.
    func tellExecution(_ m: ManagedOrder, fee: Double?) {
        tell(m)
        answers[answers.count - 1].order.executionId = nextExecution
        answers[answers.count - 1].fee = isSimulated ? chargedBeside(m, fee) : fee
        nextExecution += 1
    }

    /// Tells the engine that its newest request is refused.
    func tellRefusal(_ order: Order, asset: Int) {
        var order = order
        order.request = .rejected
        order.executionId = 0
        answers.append(Answer(asset: asset, order: order, fee: nil))
    }

    func forget(before ns: Int64) {
        while finishedHead < finished.count, finished[finishedHead].ns < ns {
            let number = finished[finishedHead].number
            finishedHead += 1
            // Come back to life meanwhile, or finished again later.
            guard let m = orders[number], m.isDone, m.heardNs < ns else { continue }
            orders[number] = nil
            byEngineId.remove(asset: m.asset, orderId: m.order.orderId, ifNumber: number)
        }
        if finishedHead > 1_024 && finishedHead * 2 > finished.count {
            finished.removeFirst(finishedHead)
            finishedHead = 0
        }
    }
}

/// A position that differs from ours.
struct PositionDoubt {
    var difference: Double
    var sinceNs: Int64
    var tradeCount: Int64
}

/// From a request's sending to its answer.
struct RoundTrip {
    var ns: Int64
    var measuredNs: Int64
}
