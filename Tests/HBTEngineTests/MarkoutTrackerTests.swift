import HBTTypes
import Testing

@testable import HBTEngine

@Suite struct MarkoutTrackerTests {
    /// The mid of horizon h after an execution at t is the one in force at t + h: the last change at
    /// or before it.
    @Test func equalsALookUpInTheWholeHistory() {
        for seed in 0..<40 as Range<UInt64> {
            var random = Dice(seed)
            var tracker = MarkoutTracker(isOn: true)
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
        var tracker = MarkoutTracker(isOn: true)
        for i in 1...UInt64(MarkoutTracker.capacity) + 10 { tracker.start(execution: i, at: Int64(i), mid: 1) }
        #expect(tracker.lookUp(0) == nil)
        #expect(tracker.lookUp(10) == nil)
        #expect(tracker.lookUp(11) != nil)
        #expect(tracker.lookUp(UInt64(MarkoutTracker.capacity) + 10) != nil)
        #expect(tracker.lookUp(UInt64(MarkoutTracker.capacity) + 11) == nil)
    }

    @Test(arguments: [0, 3, 300, MarkoutTracker.capacity + 3])
    func executionsThatNobodyAskedForHaveNone(before: Int) {
        var tracker = MarkoutTracker()
        for i in 0..<before {
            tracker.start(execution: UInt64(i + 1), at: Int64(i), mid: 1)
            #expect(tracker.deadlineNs == .max)
        }
        tracker.isOn = true
        let first = UInt64(before + 1), startNs = Int64(before)
        tracker.start(execution: first, at: startNs, mid: 2)
        tracker.start(execution: first + 1, at: startNs + 5, mid: 2)
        #expect(tracker.deadlineNs == startNs + 100_000_000)
        tracker.sample(before: startNs + 100_000_003, mid: 7)
        let after = tracker.lookUp(first)?.entry.after
        #expect(after?[0] == 7 && after?[1].isNaN == true)
        #expect(tracker.lookUp(first + 1)?.entry.after[0].isNaN == true)
        if before > 0 {
            let skipped = tracker.lookUp(first - 1)
            #expect(skipped?.entry.mid.isNaN == true && skipped?.isComplete == true)
        }
    }
}
