import HBTTypes

/// One order between the engine and the venue.
struct ManagedOrder {
    enum Request: Equatable { case new, cancel, amend }
    /// A request without an answer yet.
    struct Pending: Equatable {
        var request: Request
        var deadlineNs: Int64
        /// Asked for by us (kill, ghost), not by the engine: no refusal is passed on.
        var isOurs = false
        var attempts = 1
        /// What an amend asks for.
        var priceTick: Int64 = 0
        var quantity: Double = 0
        /// What it leaves open, in the engine's own number.
        var asked: Double = 0
    }
    let number: UInt64
    let clientId: String
    let asset: Int
    /// In the engine's words; `quantity` and `leavesQuantity` as the venue has them.
    var order: Order
    /// Executed before the last amend: the engine's quantity is what an amend leaves open.
    var executed: Double = 0
    /// Whole quantity at the venue.
    var total: Double
    /// What is open, execution by execution taken off: the last bit as in the simulation.
    var leaves: Double
    /// The request that gave the order its place, our clock: executions name it.
    var placedNs: Int64
    /// The engine's newest cancel, until it is answered.
    var asked: Order?
    var isAcknowledged = false
    /// Finished, and everything executed has been booked.
    var done: OrderState?
    /// Finished at the venue; executions up to `expected` are still on their way.
    var heldDone: OrderState?
    var expected: Double = 0
    /// When missing executions are asked for.
    var tradesDeadlineNs: Int64?
    var pending: Pending?
    /// The venue is being asked; when to ask again.
    var queryDeadlineNs: Int64?
    var queries = 0
    /// When the order (or its newest request) was sent.
    var sentNs: Int64
    /// When anything was last heard of it.
    var heardNs: Int64
    var tradeIds: [Int64] = []
    /// Given up as never arrived; the venue has not said so.
    var isGuess = false

    init(number: UInt64, clientId: String, asset: Int, order: Order, sentNs: Int64) {
        self.number = number
        self.clientId = clientId
        self.asset = asset
        self.order = order
        self.sentNs = sentNs
        heardNs = sentNs
        total = order.quantity
        leaves = order.quantity
        placedNs = order.localNs
    }

    var isDone: Bool { done != nil }

    var state: OrderState {
        if let done { return done }
        if queryDeadlineNs != nil { return .unknown }
        switch pending?.request {
        case .new: return .pendingNew
        case .cancel: return .pendingCancel
        case .amend: return .pendingReplace
        case nil: return executed > 0 ? .partiallyFilled : .live
        }
    }

    /// The status for the engine.
    var status: OrderStatus {
        switch done {
        case .filled: .filled
        case .cancelled: .canceled
        case .rejected, .expired: .expired
        default: executed > 0 ? .partiallyFilled : .new
        }
    }
}
