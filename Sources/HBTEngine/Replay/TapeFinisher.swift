import HBTTypes
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Lays out and writes one segment in another thread while the next one is made.
///
/// A thread lives for one segment: starting one costs a hundredth of what it does. A failure is reported when
/// the next segment is handed over, whatever the threads do: what comes out does not depend on their timing.
/// Unchecked because the compiler cannot see the rule: everything here belongs to the thread from its start
/// until it has been joined, and to the caller otherwise.
final class TapeFinisher: @unchecked Sendable {
    private let inOneThread: Bool
    private var thread: pthread_t?
    private var writer: TapeLayoutWriter
    private var failure: (any Error)?
    private var spare = TapeDraft()

    init(_ sink: any TapeSink, cellCount: Int, inOneThread: Bool) {
        writer = TapeLayoutWriter(sink, cellCount: cellCount)
        self.inOneThread = inOneThread
    }

    /// Takes a draft, gives back an empty one.
    func take(_ draft: TapeDraft) throws -> TapeDraft {
        try settle()
        let next = spare
        spare = draft
        if inOneThread || !start() { write() }
        return next
    }

    /// Waits for the segment under way.
    func settle() throws {
        join()
        if let failure { throw failure }
    }

    func deallocate() {
        join()
        writer.deallocate()
    }

    private func join() {
        if let thread { pthread_join(thread, nil) }
        thread = nil
    }

    /// Writes what was handed over last.
    private func write() {
        do { try writer.append(spare) } catch { failure = error }
        spare.removeAll()
    }

    /// False when the system has no thread for us.
    private func start() -> Bool {
        let me = Unmanaged.passUnretained(self).toOpaque()
        #if canImport(Darwin)
        return pthread_create(&thread, nil, { context in TapeFinisher.work(context) }, me) == 0
        #else
        var made = pthread_t()
        guard pthread_create(&made, nil, { context in TapeFinisher.work(context) }, me) == 0 else { return false }
        thread = made
        return true
        #endif
    }

    /// The thread; whoever started it keeps the object until it has been joined.
    private static func work(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        if let context { Unmanaged<TapeFinisher>.fromOpaque(context).takeUnretainedValue().write() }
        return nil
    }
}
