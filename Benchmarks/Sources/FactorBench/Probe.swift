import CAllocationCount
import CTicks
import Histogram

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Reads the processor's time stamp counter, and says what that costs.
struct Probe {
    /// Nanoseconds a tick.
    let nsPerTick: Double
    /// Ticks between two readings with nothing between them.
    let cost: Histogram<UInt64>

    init() {
        let startNs = Probe.ns(of: CLOCK_MONOTONIC), start = hbt_ticks()
        while Probe.ns(of: CLOCK_MONOTONIC) - startNs < 300_000_000 {}
        nsPerTick = Double(Probe.ns(of: CLOCK_MONOTONIC) - startNs) / Double(hbt_ticks() - start)
        var cost = Probe.histogram()
        for _ in 0..<1_000_000 { Probe.time(&cost) {} }
        self.cost = cost
    }

    static func histogram() -> Histogram<UInt64> {
        Histogram<UInt64>(lowestDiscernibleValue: 1, highestTrackableValue: 1 << 40, numberOfSignificantValueDigits: .three)
    }

    /// Time that this thread has had the processor: what others take of a shared machine is not ours.
    static func clockNs() -> Int64 { ns(of: CLOCK_THREAD_CPUTIME_ID) }

    private static func ns(of clock: clockid_t) -> Int64 {
        var now = timespec()
        clock_gettime(clock, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }

    @inline(__always) static func ticks(_ work: () -> Void) -> UInt64 {
        let start = hbt_ticks()
        work()
        return hbt_ticks() &- start
    }

    @inline(__always) static func time(_ histogram: inout Histogram<UInt64>, _ work: () -> Void) {
        histogram.record(ticks(work))
    }

    func ns(_ histogram: Histogram<UInt64>, _ percentile: Double) -> Double { Double(histogram.valueAtPercentile(percentile)) * nsPerTick }

    static var allocations: Int64 { hbt_allocation_count() }

    /// Bytes of the heap in use; 0 where the C library does not say.
    static var heapBytes: Int { Int(hbt_heap_bytes()) }
}
