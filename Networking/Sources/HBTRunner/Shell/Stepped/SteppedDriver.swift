/// Plays a session against an exchange whose clock moves only when told to (`hbt exchange --stepped`), so that it
/// comes out the same every time.
///
/// One round: move the venue's clock; wait until everything that this caused has arrived (a question and its answer
/// over each socket: what was sent before the answer comes before it); hand it over in a fixed order at the venue's
/// time; let time pass; send what the engine asks for, one call after the other; and again until all is quiet.
final class SteppedDriver: @unchecked Sendable {
    // Confined to the client's loop between the awaits, of which only one is under way.
    private let shell: LiveShell
    private let venue: SteppedVenue
    private let stepMs: Int64

    init(shell: LiveShell, stepNs: Int64) {
        self.shell = shell
        venue = SteppedVenue(shell)
        stepMs = max(1, stepNs / 1_000_000)
    }

    /// Plays until the run ends by itself or the exchange has no more data.
    func run() async throws {
        while true {
            let reply = try await venue.advance(byMs: stepMs)
            shell.clock.set(reply.ns)
            try await venue.settle()
            let isOver = try await venue.onLoop { [self] in
                shell.tick()
                return shell.isOver
            }
            try await venue.settle()
            if isOver { return }
            if reply.hasEnded { try await venue.onLoop { [self] in shell.stop("the exchange has no more data", status: RunStatus.done) } }
        }
    }
}
