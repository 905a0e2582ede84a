import Synchronization
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What asks a run to end: signals, and a file.
enum StopSwitch {
    enum Wish: Int, Sendable {
        case none = 0
        /// SIGTERM, SIGINT: end in order.
        case end
        /// SIGUSR1: cancel everything, at once.
        case kill
    }
    // A signal handler can reach a global and no more.
    private static let wish = Atomic<Int>(0)

    static func watch() {
        signal(SIGPIPE, SIG_IGN)
        // A journal beyond the limit of a file's size is a failure that the engine handles.
        signal(SIGXFSZ, SIG_IGN)
        signal(SIGTERM) { _ in StopSwitch.raise(.end) }
        signal(SIGINT) { _ in StopSwitch.raise(.end) }
        signal(SIGUSR1) { _ in StopSwitch.raise(.kill) }
    }

    /// A kill is never taken back by a mere end.
    static func raise(_ new: Wish) { _ = wish.max(new.rawValue, ordering: .relaxed) }

    static var current: Wish { Wish(rawValue: wish.load(ordering: .relaxed)) ?? .none }

    static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
