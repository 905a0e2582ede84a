import HBTTypes

/// Mid prices after each execution, taken from the venue's book on the venue's clock.
///
/// Executions happen in order of time, so the deadlines of one horizon fall due in the order of the
/// executions: one cursor a horizon is enough, and a market row costs one comparison.
struct MarkoutTracker {
    struct Entry {
        var executionNs: Int64
        var mid: Double
        /// One lane a horizon of `FillRecord.markoutHorizonsNs`.
        var after = SIMD4<Double>(repeating: .nan)
    }
    /// Executions kept for joining with their booking; older ones lose their markouts.
    static let capacity = 65_536

    /// Whether somebody wants markouts: an execution without is booked all the same.
    var isOn = false {
        didSet { deadlineNs = isOn ? dueNs.min() : .max }
    }
    private var ring: [Entry] = []
    /// `executionNs` of the entries once more: four cursors walk them, a minute apart, and find eight in a line.
    private var times: [Int64] = []
    /// Execution number of the next entry; the first is 1.
    private var nextExecution: UInt64 = 1
    /// Next execution to sample, for each horizon.
    private var cursor = SIMD4<UInt64>(repeating: 1)
    /// When the next mid price of each horizon is wanted.
    private var dueNs = SIMD4<Int64>(repeating: .max)
    /// `FillRecord.markoutHorizonsNs`, at hand.
    private static var horizonsNs: SIMD4<Int64> { SIMD4(100_000_000, 1_000_000_000, 10_000_000_000, 60_000_000_000) }
    /// The earliest time at which a mid price is wanted; `.max` when none is.
    private(set) var deadlineNs = Int64.max

    init(isOn: Bool = false) { self.isOn = isOn }

    /// The ring grows with the executions, up to `capacity`; its length is a power of two.
    private func index(_ execution: UInt64) -> Int { Int(truncatingIfNeeded: execution) & (ring.count - 1) }

    private func isKept(_ execution: UInt64) -> Bool {
        execution > 0 && execution < nextExecution && nextExecution - execution <= UInt64(Self.capacity)
    }

    mutating func start(execution: UInt64, at ns: Int64, mid: Double) {
        guard isOn else { return }
        if execution > nextExecution { skip(to: execution) }
        precondition(execution == nextExecution, "executions are numbered in order")
        let entry = Entry(executionNs: ns, mid: mid)
        if execution >= UInt64(ring.count) && ring.count < Self.capacity { grow() }
        ring[index(execution)] = entry
        times[index(execution)] = ns
        nextExecution += 1
        updateDeadline()
    }

    /// Executions that were not followed have no mid prices and wait for none.
    private mutating func skip(to execution: UInt64) {
        cursor = SIMD4(repeating: execution)
        while nextExecution < execution {
            if nextExecution >= UInt64(ring.count) && ring.count < Self.capacity { grow() }
            ring[index(nextExecution)] = Entry(executionNs: 0, mid: .nan)
            times[index(nextExecution)] = 0
            nextExecution += 1
        }
    }

    /// Room for `nextExecution`. Until the ring is as long as it gets, execution n lies at n.
    private mutating func grow() {
        var wanted = max(256, 2 * ring.count)
        while UInt64(wanted) <= nextExecution && wanted < Self.capacity { wanted *= 2 }
        wanted = min(wanted, Self.capacity)
        ring.reserveCapacity(wanted)
        ring += repeatElement(Entry(executionNs: 0, mid: .nan), count: wanted - ring.count)
        times.reserveCapacity(wanted)
        times += repeatElement(0, count: wanted - times.count)
    }

    /// Fills in every mid that was due before `ns`, at which the book is about to change.
    mutating func sample(before ns: Int64, mid: Double) {
        for horizon in 0..<4 where dueNs[horizon] < ns || !isKept(cursor[horizon]) {
            while cursor[horizon] < nextExecution {
                let i = index(cursor[horizon])
                if isKept(cursor[horizon]) {
                    if times[i] &+ Self.horizonsNs[horizon] >= ns { break }
                    ring[i].after[horizon] = mid
                }
                cursor[horizon] += 1
            }
            updateDue(horizon)
        }
        deadlineNs = isOn ? dueNs.min() : .max
    }

    private mutating func updateDue(_ horizon: Int) {
        dueNs[horizon] = isKept(cursor[horizon]) ? times[index(cursor[horizon])] &+ Self.horizonsNs[horizon] : .max
    }

    private mutating func updateDeadline() {
        for horizon in 0..<4 { updateDue(horizon) }
        deadlineNs = isOn ? dueNs.min() : .max
    }

    /// What is known of an execution, and whether more will come.
    func lookUp(_ execution: UInt64) -> (entry: Entry, isComplete: Bool)? {
        guard isKept(execution) else { return nil }
        return (ring[index(execution)], execution < cursor[3])
    }

    // MARK: state

    func encode(into out: inout StateWriter) {
        out.begin("MARK")
        out.put(nextExecution)
        for horizon in 0..<4 { out.put(cursor[horizon]) }
        let first = firstKept
        for execution in first..<nextExecution {
            let entry = ring[index(execution)]
            out.put(entry.executionNs)
            out.put(entry.mid)
            for horizon in 0..<4 { out.put(entry.after[horizon]) }
        }
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try input.expect("MARK")
        self = MarkoutTracker(isOn: isOn)
        nextExecution = try input.word()
        guard nextExecution >= 1 else { throw StateError("executions are numbered from 1") }
        for horizon in 0..<4 { cursor[horizon] = try input.word() }
        if nextExecution > 1 { grow() }
        for execution in firstKept..<nextExecution {
            var entry = Entry(executionNs: try input.int64(), mid: try input.double())
            for horizon in 0..<4 { entry.after[horizon] = try input.double() }
            ring[index(execution)] = entry
            times[index(execution)] = entry.executionNs
        }
        updateDeadline()
    }

    private var firstKept: UInt64 {
        nextExecution > UInt64(Self.capacity) ? nextExecution - UInt64(Self.capacity) : 1
    }
}
