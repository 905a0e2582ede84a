import HBTTypes
import Testing

@testable import HBTEngine

@Suite struct MarkoutTrackerTests {
    /// The mid of horizon h after an execution at t is the one in force at t + h: the last change at
    /// or before it.
    @Test func equalsALookUpInTheWholeHistory() {
        for seed in 0..<40 as Range<UInt64> {
            var random = Dice(seed)
            var tracker = MarkoutTracker()
            var history: [(ns: Int64, mid: Double)] = []
            var executions: [Int64] = []
            var ns: Int64 = 1_000
            var mid = Double.nan
            for _ in 0..<600 {
                ns += random.pick([0, 1, 50_000_000, 100_000_000, 900_000_000, 3_000_000_000, 9_000_000_000])
                if random.chance(30) {
                    executions.append(ns)
                    tracker.start(execution: UInt64(executions.count), at: ns, mid: mid)
                } else {
                    // As the venue does it: what was due before this row sees the book before it.
                    if ns > tracker.deadlineNs { tracker.sample(before: ns, mid: mid) }
                    mid = random.chance(5) ? .nan : Double(random.int(90...110))
                    history.append((ns, mid))
                }
            }
            for (i, executed) in executions.enumerated() {
                guard let (entry, isComplete) = tracker.lookUp(UInt64(i + 1)) else {
                    Issue.record("execution \(i + 1) of seed \(seed) is lost")
                    continue
                }
                var isAllKnown = true
                for (lane, horizon) in FillRecord.markoutHorizonsNs.enumerated() {
                    let due = executed + horizon
                    // Known once a row has come after the deadline.
                    guard let last = history.last?.ns, last > due else {
                        #expect(entry.after[lane].isNaN)
                        isAllKnown = false
                        continue
                    }
                    let wanted = history.last { $0.ns <= due }?.mid ?? .nan
                    #expect(entry.after[lane] == wanted || (entry.after[lane].isNaN && wanted.isNaN), "seed \(seed), execution \(i), lane \(lane)")
                }
                #expect(isComplete == isAllKnown)
            }
        }
    }

    @Test func forgetsTheOldestWhenFull() {
        var tracker = MarkoutTracker()
        for i in 1...UInt64(MarkoutTracker.capacity) + 10 { tracker.start(execution: i, at: Int64(i), mid: 1) }
        #expect(tracker.lookUp(0) == nil)
        #expect(tracker.lookUp(10) == nil)
        #expect(tracker.lookUp(11) != nil)
        #expect(tracker.lookUp(UInt64(MarkoutTracker.capacity) + 10) != nil)
        #expect(tracker.lookUp(UInt64(MarkoutTracker.capacity) + 11) == nil)
    }
}
