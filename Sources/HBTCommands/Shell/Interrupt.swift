import Foundation

/// Ctrl-C (SIGINT) and SIGTERM.
///
/// A first signal asks the work to end cleanly, where the work has said that it can; anything else is
/// aborted at once, after its unfinished files are removed. A thread waits for the signals, so nothing
/// runs in a signal handler.
final class Interrupt: @unchecked Sendable {
    private let lock = NSLock()
    private var isAsked = false
    private var isTerm = false
    private var cleanEnds = 0
    private var cleaners: [(id: Int, clean: @Sendable () -> Void)] = []
    private var nextId = 0

    /// True once the work has been asked to end.
    var isRequested: Bool { lock.withLock { isAsked } }

    /// True when it was SIGTERM that asked.
    var isTermination: Bool { lock.withLock { isTerm } }

    /// Work that looks at `isRequested` often and then ends by itself.
    func endingCleanly<T>(_ work: () throws -> T) rethrows -> T {
        lock.withLock { cleanEnds += 1 }
        defer { lock.withLock { cleanEnds -= 1 } }
        return try work()
    }

    /// What an abort does first; `forget` the answer when it is no longer needed.
    func onAbort(_ clean: @escaping @Sendable () -> Void) -> Int {
        lock.withLock {
            nextId += 1
            cleaners.append((nextId, clean))
            return nextId
        }
    }

    func forget(_ id: Int) { lock.withLock { cleaners.removeAll { $0.id == id } } }

    /// Starts waiting for the signals. Must be called before any other thread starts: they inherit
    /// the mask that leaves the signals to ours.
    func watch() {
        var signals = Self.signals
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let thread = Thread { [self] in
            var signals = Self.signals
            while true {
                var caught: Int32 = 0
                guard sigwait(&signals, &caught) == 0 else { continue }
                if !request(isTermination: caught == SIGTERM) { abort() }
            }
        }
        thread.name = "hbt-signals"
        thread.start()
    }

    private static var signals: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        return signals
    }

    /// A signal has come: true when the work was asked to end and will.
    func request(isTermination: Bool = false) -> Bool {
        lock.withLock {
            guard cleanEnds > 0, !isAsked else { return false }
            isAsked = true
            isTerm = isTermination
            return true
        }
    }

    private func abort() -> Never {
        for cleaner in lock.withLock({ cleaners }) { cleaner.clean() }
        _exit(ExitStatus.interrupted)
    }
}
