import Foundation
import HBTTypes

/// The buffers between a reading thread and its consumer: filled and emptied in turn, in order.
///
/// Unchecked because the compiler cannot see the rule: a slot belongs to the producer from `empty` to
/// `filled` and to the consumer from `filled` to `empty`, and both change hands under `condition`.
final class PrefetchRing<Element: BitwiseCopyable>: @unchecked Sendable {
    private let condition = NSCondition()
    private let slots: [UnsafeMutableBufferPointer<Element>]
    /// Elements in each slot, counted from the first unread one.
    private var filled: [Range<Int>]
    private var produced = 0
    private var consumed = 0
    private var end: End?
    /// The consumer looks at the oldest filled slot.
    private var isLent = false
    private var isStopped = false
    private var hasWorkerLeft = false
    private var warningsSeen: [String] = []

    enum End {
        case data
        case failure(any Error)
    }

    init(slotCount: Int, slotSize: Int) {
        slots = (0..<slotCount).map { _ in .allocate(capacity: slotSize) }
        filled = .init(repeating: 0..<0, count: slotCount)
    }

    deinit { for slot in slots { slot.deallocate() } }

    // MARK: The reading thread

    /// Reads until the end, an error or `stop`; then leaves.
    func fill(_ read: (UnsafeMutableBufferPointer<Element>) throws -> Int, warnings: () -> [String] = { [] }) {
        while let slot = nextEmptySlot() {
            do {
                let count = try read(slot)
                publish(count, warnings: warnings())
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

    private func nextEmptySlot() -> UnsafeMutableBufferPointer<Element>? {
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

    /// What is in the oldest filled slot, as much as fits; an error comes after all that was read before it.
    func take(into buffer: UnsafeMutableBufferPointer<Element>) throws -> Int {
        guard let index = try oldest() else { return 0 }
        let rows = filled[index]
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

    /// What is left in the oldest filled slot, where it lies; valid until the next call.
    func lend() throws -> UnsafeBufferPointer<Element> {
        guard let index = try oldest() else { return UnsafeBufferPointer(start: nil, count: 0) }
        isLent = true
        return UnsafeBufferPointer(rebasing: UnsafeBufferPointer(slots[index])[filled[index]])
    }

    /// Waits for a filled slot, which is the consumer's then; nil at the end.
    private func oldest() throws -> Int? {
        condition.lock()
        defer { condition.unlock() }
        if isLent {
            isLent = false
            consumed += 1
            condition.broadcast()
        }
        while produced == consumed, end == nil { condition.wait() }
        guard produced == consumed else { return consumed % slots.count }
        if case .failure(let error)? = end { throw error }
        return nil
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
