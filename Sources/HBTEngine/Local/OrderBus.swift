import HBTTypes

/// Messages under way in one direction: first in, first out, whatever their latencies.
///
/// A message never overtakes the one before it: its time is at least that of the last one still
/// under way. A ring in raw memory, copies of which share it: the owner calls `deallocate()`.
struct OrderBus {
    struct Message {
        var timeNs: Int64
        var order: Order
    }
    private var ring = UnsafeMutablePointer<Message>.allocate(capacity: 16)
    /// Length of the ring, a power of two, less one.
    private var mask = 15
    /// Messages taken and sent since the bus was empty.
    private var head = 0
    private var tail = 0
    /// When the next message arrives; `.max` when none is under way.
    private(set) var nextNs = Int64.max

    func deallocate() { ring.deallocate() }

    var isEmpty: Bool { head == tail }
    var count: Int { tail &- head }

    mutating func append(_ order: Order, at ns: Int64) {
        // An empty bus counts as last used at time 0 (a request sent before the clock started
        // carries a wrapped, negative time).
        let last = isEmpty ? 0 : ring[(tail &- 1) & mask].timeNs
        if count > mask { grow() }
        ring[tail & mask] = Message(timeNs: max(ns, last), order: order)
        tail &+= 1
        nextNs = ring[head & mask].timeNs
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Message>.allocate(capacity: 2 * (mask + 1))
        for i in 0..<count { (larger + i).initialize(to: ring[(head &+ i) & mask]) }
        ring.deallocate()
        ring = larger
        tail = count
        head = 0
        mask = 2 * mask + 1
    }

    /// Messages under way, the next one first.
    var pending: [Message] { (0..<count).map { ring[(head &+ $0) & mask] } }

    /// The next message; there must be one.
    mutating func removeFirst() -> Order {
        precondition(!isEmpty, "nothing is under way")
        let order = ring[head & mask].order
        head &+= 1
        if isEmpty {
            // From the start again: the same lines of memory, mostly still at hand.
            (head, tail, nextNs) = (0, 0, .max)
        } else {
            nextNs = ring[head & mask].timeNs
        }
        return order
    }

    // MARK: state

    func encode(into out: inout StateWriter) {
        out.begin("OBUS")
        out.put(count)
        for i in 0..<count {
            out.put(ring[(head &+ i) & mask].timeNs)
            out.put(ring[(head &+ i) & mask].order)
        }
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try input.expect("OBUS")
        (head, tail, nextNs) = (0, 0, .max)
        for _ in 0..<(try input.count(of: 8 + StateWriter.orderBytes)) {
            if count > mask { grow() }
            ring[tail] = Message(timeNs: try input.int64(), order: try input.order())
            tail += 1
        }
        if !isEmpty { nextNs = ring[0].timeNs }
    }
}
