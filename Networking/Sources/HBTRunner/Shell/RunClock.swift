import HBTSockets
import Synchronization

/// The clock of a run: the machine's, or one that the driver of a stepped session sets.
final class RunClock: Sendable {
    private let setNs: Holder?

    private init(_ setNs: Int64?) { self.setNs = setNs.map { Holder($0) } }

    static var machine: RunClock { RunClock(nil) }
    static func stepped(from ns: Int64) -> RunClock { RunClock(ns) }

    var isStepped: Bool { setNs != nil }
    var nowNs: Int64 { setNs?.ns.load(ordering: .relaxed) ?? WallClock.nowNs() }
    func set(_ ns: Int64) { setNs?.ns.store(ns, ordering: .relaxed) }
}

private final class Holder: Sendable {
    let ns: Atomic<Int64>
    init(_ ns: Int64) { self.ns = Atomic(ns) }
}
