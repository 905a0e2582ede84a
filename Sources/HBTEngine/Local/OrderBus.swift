import HBTTypes

/// Messages under way in one direction: first in, first out, whatever their latencies.
///
/// A message never overtakes the one before it: its time is at least that of the last one still
/// under way.
struct OrderBus {
    struct Message {
        var timeNs: Int64
        var order: Order
    }
    private var messages: [Message] = []
    private var head = 0

    var isEmpty: Bool { head == messages.count }
    var count: Int { messages.count - head }

    /// When the next message arrives; `.max` when none is under way.
    @inline(__always) var nextNs: Int64 { head == messages.count ? .max : messages[head].timeNs }

    mutating func append(_ order: Order, at ns: Int64) {
        // An empty bus counts as last used at time 0 (a request sent before the clock started
        // carries a wrapped, negative time).
        let last = isEmpty ? 0 : messages[messages.count - 1].timeNs
        messages.append(Message(timeNs: max(ns, last), order: order))
    }

    /// Messages under way, the next one first.
    var pending: ArraySlice<Message> { messages[head...] }

    mutating func removeFirst() -> Order {
        let order = messages[head].order
        head += 1
        if head == messages.count {
            messages.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 64 && head * 2 >= messages.count {
            messages.removeFirst(head)
            head = 0
        }
        return order
    }

    // MARK: state

    func encode(into out: inout StateWriter) {
        out.begin("OBUS")
        out.put(count)
        for message in messages[head...] {
            out.put(message.timeNs)
            out.put(message.order)
        }
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try input.expect("OBUS")
        messages = []
        head = 0
        for _ in 0..<(try input.count(of: 8 + StateWriter.orderBytes)) {
            messages.append(Message(timeNs: try input.int64(), order: try input.order()))
        }
    }
}
