import Dispatch
import HBTTypes

/// Lays out and writes one segment in another thread while the next one is made.
///
/// A failure is reported when the next segment is handed over, whatever the threads do: what comes out
/// does not depend on their timing. Unchecked because the compiler cannot see the rule: everything here
/// belongs to the queue from `async` to the signal of `done`, and to the caller otherwise.
final class TapeFinisher: @unchecked Sendable {
    /// Nil where the caller's thread does it all.
    private let queue: DispatchQueue?
    private let done = DispatchSemaphore(value: 1)
    private var writer: TapeLayoutWriter
    private var failure: (any Error)?
    private var spare = TapeDraft()

    init(_ sink: any TapeSink, cellCount: Int, inOneThread: Bool) {
        writer = TapeLayoutWriter(sink, cellCount: cellCount)
        queue = inOneThread ? nil : DispatchQueue(label: "hbt-tape")
    }

    /// Takes a draft, gives back an empty one.
    func take(_ draft: TapeDraft) throws -> TapeDraft {
        let next = try settled { spare }
        done.wait()
        spare = draft
        if let queue { queue.async { [self] in write(draft) } } else { write(draft) }
        return next
    }

    private func write(_ draft: TapeDraft) {
        do { try writer.append(draft) } catch { failure = error }
        draft.removeAll()
        done.signal()
    }

    /// Waits for the segment under way.
    func settle() throws { try settled {} }

    private func settled<T>(_ body: () -> T) throws -> T {
        done.wait()
        defer { done.signal() }
        if let failure { throw failure }
        return body()
    }

    func deallocate() {
        done.wait()
        writer.deallocate()
        done.signal()
    }
}
