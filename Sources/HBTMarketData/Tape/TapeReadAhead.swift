import Foundation
import HBTTypes
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A thread that brings a tape's next parts into memory, checks them, and gives back what lies behind,
/// while the replay goes on.
///
/// It only ever says "these bytes are those that were written": what it has not got to, or found
/// damaged, the replay checks itself, so that no result and no error depends on the threads' timing.
///
/// Unchecked because the compiler cannot see the rule: everything that changes does so under `condition`.
final class TapeReadAhead: @unchecked Sendable {
    /// Segments that are brought along in advance.
    private static let lead = 2

    private enum Check: UInt8 { case open, begun, good }

    private let condition = NSCondition()
    private let base: UnsafeRawPointer
    private let parts: [TapeDirectory.Part]
    private var checks: [Check]
    /// For each kind of part the segments to check: from the first to below the second.
    private var next = [Int](repeating: 0, count: TapeDirectory.partCount)
    private var ends = [Int](repeating: 0, count: TapeDirectory.partCount)
    private var drops: [Range<Int>] = []
    private var isIdle = false
    private var isStopped = false
    private var hasLeft = false

    /// `base` must stay mapped until `stop` has returned.
    init(base: UnsafeRawPointer, parts: [TapeDirectory.Part]) {
        self.base = base
        self.parts = parts
        checks = [Check](repeating: .open, count: parts.count)
        let thread = Thread { [self] in work() }
        thread.name = "hbt-read-ahead"
        thread.start()
    }

    // MARK: The replay

    /// Whether part `kind` of a segment has been checked. From now on the ones after it are; this one is
    /// the caller's own affair when the answer is no.
    func take(_ segment: Int, _ kind: Int) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        let number = segment * TapeDirectory.partCount + kind
        let isGood = checks[number] == .good
        if checks[number] == .open { checks[number] = .begun }
        next[kind] = max(next[kind], segment + 1)
        ends[kind] = min(segment + 1 + Self.lead, parts.count / TapeDirectory.partCount)
        if isIdle { condition.signal() }
        return isGood
    }

    /// Gives back whole pages of the file; false when the thread has not got to the last ones yet, and
    /// memory would grow by waiting for it.
    func drop(_ pages: Range<Int>) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard drops.isEmpty else { return false }
        drops.append(pages)
        if isIdle { condition.signal() }
        return true
    }

    /// Returns when the thread has let go of the file.
    func stop() {
        condition.lock()
        defer { condition.unlock() }
        isStopped = true
        condition.signal()
        while !hasLeft { condition.wait() }
    }

    // MARK: The thread

    private func work() {
        condition.lock()
        while !isStopped {
            if let pages = drops.popLast() {
                condition.unlock()
                TapePages.drop(base, pages)
                condition.lock()
            } else if let number = nextPart() {
                checks[number] = .begun
                condition.unlock()
                let part = parts[number]
                let bytes = UnsafeRawBufferPointer(start: base + part.offset, count: part.count)
                let isGood = TapeChecksum.of(bytes) == part.checksum
                condition.lock()
                if isGood { checks[number] = .good }
            } else {
                isIdle = true
                condition.wait()
                isIdle = false
            }
        }
        hasLeft = true
        condition.broadcast()
        condition.unlock()
    }

    /// The part that will be needed first.
    private func nextPart() -> Int? {
        var found: Int?
        for kind in 0..<TapeDirectory.partCount {
            while next[kind] < ends[kind], checks[next[kind] * TapeDirectory.partCount + kind] != .open { next[kind] += 1 }
            guard next[kind] < ends[kind] else { continue }
            let number = next[kind] * TapeDirectory.partCount + kind
            if number / TapeDirectory.partCount < (found ?? .max) / TapeDirectory.partCount { found = number }
        }
        return found
    }
}

/// Pages of a mapped file.
enum TapePages {
    static let bytes = Int(getpagesize())

    static func drop(_ base: UnsafeRawPointer, _ pages: Range<Int>) {
        madvise(UnsafeMutableRawPointer(mutating: base + pages.lowerBound), pages.count, Int32(MADV_DONTNEED))
    }
}
