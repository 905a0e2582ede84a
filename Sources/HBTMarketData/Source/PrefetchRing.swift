import Foundation
import HBTTypes

/// The buffers between a reading thread and its consumer: filled and emptied in turn, in order.
///
/// Unchecked because the compiler cannot see the rule: a slot belongs to the producer from `empty` to
/// `filled` and to the consumer from `filled` to `empty`, and both change hands under `condition`.
final class PrefetchRing: @unchecked Sendable {
    private let condition = NSCondition()
    private let slots: [UnsafeMutableBufferPointer<MarketEvent>]
    /// Rows in each slot, counted from the first unread one.
    private var filled: [Range<Int>]
    private var produced = 0
    private var consumed = 0
    private var end: End?
    private var isStopped = false
    private var hasWorkerLeft = false
    private var warningsSeen: [String] = []

    enum End {
        case data
        case failure(any Error)
    }

    init(slotCount: Int, rowsPerSlot: Int) {
        slots = (0..<slotCount).map { _ in .allocate(capacity: rowsPerSlot) }
        filled = .init(repeating: 0..<0, count: slotCount)
    }

    deinit { for slot in slots { slot.deallocate() } }

    // MARK: The reading thread

    /// Reads until the end, an error or `stop`; then leaves.
    func fill(from source: any EventFileSource) {
        while let slot = nextEmptySlot() {
            do {
                let count = try source.read(into: slot)
                publish(count, warnings: source.warnings)
                if count == 0 { break }
            } catch {
                finish(.failure(error))
                break
            }
        }
        condition.lock()
        hasWorkerLeft = true
        condition.broadcast()
        condition.unlock()
    }

    private func nextEmptySlot() -> UnsafeMutableBufferPointer<MarketEvent>? {
        condition.lock()
        defer { condition.unlock() }
        while produced - consumed == slots.count, !isStopped { condition.wait() }
        return isStopped ? nil : slots[produced % slots.count]
    }

    private func publish(_ count: Int, warnings: [String]) {
        condition.lock()
        defer { condition.unlock() }
        if warnings.count != warningsSeen.count { warningsSeen = warnings }
        if count == 0 {
            end = .data
        } else {
            filled[produced % slots.count] = 0..<count
            produced += 1
        }
        condition.broadcast()
    }

    private func finish(_ how: End) {
        condition.lock()
        defer { condition.unlock() }
        end = how
        condition.broadcast()
    }

    // MARK: The consumer

    /// Rows of the oldest filled slot, as many as fit; an error comes after all rows read before it.
    func take(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        condition.lock()
        while produced == consumed, end == nil { condition.wait() }
        if produced == consumed {
            defer { condition.unlock() }
            if case .failure(let error)? = end { throw error }
            return 0
        }
        let index = consumed % slots.count
        let rows = filled[index]
        condition.unlock()

        let count = min(rows.count, buffer.count)
        if let target = buffer.baseAddress, let from = slots[index].baseAddress {
            target.update(from: from + rows.lowerBound, count: count)
        }
        condition.lock()
        defer { condition.unlock() }
        filled[index] = (rows.lowerBound + count)..<rows.upperBound
        if filled[index].isEmpty {
            consumed += 1
            condition.broadcast()
        }
        return count
    }

    var warnings: [String] {
        condition.lock()
        defer { condition.unlock() }
        return warningsSeen
    }

    /// Returns when the reading thread has let go of its source.
    func stop() {
        condition.lock()
        defer { condition.unlock() }
        isStopped = true
        condition.broadcast()
        while !hasWorkerLeft { condition.wait() }
    }
}
