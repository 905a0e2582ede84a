import BenchKit
import CAllocationCount
import Foundation
import Histogram
import HBTEngine

/// Does all cases in turn, round after round: a machine that slows down slows down all of them.
struct Harness {
    struct Result {
        let work: BenchCase
        /// Nanoseconds a unit, one a round.
        var ns: [Double] = []
        var allocationsPerUnit = -1.0
        var outcome: Outcome?
        /// Why it cannot be done.
        var refusal: String?
        /// Two rounds gave different answers.
        var isUnsteady = false
    }

    struct LatencyResult {
        let work: LatencyCase
        var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
        var digest = ""
        var refusal: String?
        var isUnsteady = false
    }

    let rounds: Int

    static func nowNs() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    func run(_ cases: [BenchCase]) -> [Result] {
        var results = cases.map { Result(work: $0) }
        for round in 0...rounds {
            for index in results.indices where results[index].refusal == nil {
                do {
                    let body = try results[index].work.make()
                    let allocations = hbt_allocation_count(), began = Self.nowNs()
                    let outcome = try body()
                    let took = Self.nowNs() - began, allocated = hbt_allocation_count() - allocations
                    if let before = results[index].outcome, before.digest != outcome.digest { results[index].isUnsteady = true }
                    results[index].outcome = outcome
                    // The first round warms caches and the allocator up.
                    guard round > 0 else { continue }
                    let units = Double(max(outcome.units, 1))
                    results[index].ns.append(Double(took) / units)
                    if allocations >= 0 { results[index].allocationsPerUnit = Double(allocated) / units }
                } catch {
                    results[index].refusal = "\(error)"
                }
            }
            progress("round \(round) of \(rounds)")
        }
        return results
    }

    func run(_ cases: [LatencyCase]) -> [LatencyResult] {
        var results = cases.map { LatencyResult(work: $0) }
        for round in 0..<rounds {
            for index in results.indices where results[index].refusal == nil {
                do {
                    var histogram = results[index].histogram
                    let body = try results[index].work.make()
                    let digest = try body(Self.nowNs) { _ = histogram.record($0) }
                    results[index].histogram = histogram
                    if round > 0, results[index].digest != digest { results[index].isUnsteady = true }
                    results[index].digest = digest
                } catch {
                    results[index].refusal = "\(error)"
                }
            }
            progress("latencies \(round + 1) of \(rounds)")
        }
        return results
    }

    private func progress(_ text: String) { FileHandle.standardError.write(Data("hbt-bench: \(text)\n".utf8)) }
}

extension Harness.Result {
    var median: Double { Self.quantile(ns, 0.5) }
    /// Half the distance between the quartiles, as a share of the median.
    var spread: Double { median > 0 ? (Self.quantile(ns, 0.75) - Self.quantile(ns, 0.25)) / 2 / median : 0 }

    private static func quantile(_ values: [Double], _ share: Double) -> Double {
        guard !values.isEmpty else { return .nan }
        let sorted = values.sorted(), place = share * Double(sorted.count - 1)
        let low = Int(place), high = min(low + 1, sorted.count - 1)
        return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
    }
}
