import HBTBinance
import HBTSockets
import NIOCore

/// Plays a session against an exchange whose clock moves only when told to (`hbt exchange --stepped`), so that it
/// comes out the same every time.
///
/// One round: move the venue's clock; wait until everything that this caused has arrived (a question and its answer
/// over each socket: what was sent before the answer comes before it); hand it over in a fixed order at the venue's
/// time; let time pass; send what the engine asks for, one call after the other; and again until all is quiet.
final class SteppedDriver: @unchecked Sendable {
    // Confined to the client's loop between the awaits, of which only one is under way.
    private let shell: LiveShell
    private let clock: RunClock
    private let stepMs: Int64

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    init(shell: LiveShell, stepNs: Int64) {
        self.shell = shell
        clock = shell.clock
        stepMs = max(1, stepNs / 1_000_000)
    }

    /// Where the venue's clock stands, nanoseconds since the Unix epoch.
    static func venueNs(_ client: SocketClient, _ rest: ServerURL) async throws -> Int64 {
        try read(try await client.send(HTTPCall("GET", rest.appending("/hbt/clock"))).get()).ns
    }

    private static func read(_ reply: HTTPReply) throws -> (ns: Int64, hasEnded: Bool) {
        guard reply.status == 200, let json = try? JSONValue.parse(reply.bytes), json["stepped"]?.flag == true, let ns = json["venueNs"]?.integer else {
            throw Fault(description: "--stepped needs an exchange whose clock can be moved: hbt exchange --stepped")
        }
        return (ns, json["ended"]?.flag == true)
    }

    /// Plays until the run ends by itself or the exchange has no more data.
    func run() async throws {
        while true {
            let path = "/hbt/clock?advanceMs=\(stepMs)"
            let reply = try Self.read(try await shell.client.send(HTTPCall("POST", shell.caller.rest.appending(path))).get())
            clock.set(reply.ns)
            try await settle()
            let isOver = try await onLoop { [self] in
                shell.tick()
                return shell.isOver
            }
            try await settle()
            if isOver { return }
            if reply.hasEnded { try await onLoop { [self] in shell.stop("the exchange has no more data", status: RunStatus.done) } }
        }
    }

    /// Delivers what has come and sends what is asked for until there is neither.
    private func settle() async throws {
        while true {
            try await barrier()
            let call = try await onLoop { [self] () -> (@Sendable () -> EventLoopFuture<Void>)? in
                deliver()
                guard !shell.waiting.isEmpty else { return nil }
                let bound = NIOLoopBound(shell.waiting.removeFirst(), eventLoop: shell.client.loop)
                return { bound.value() }
            }
            guard let call else {
                if try await onLoop({ [self] in shell.inbox.isEmpty && shell.waiting.isEmpty }) { return }
                continue
            }
            try await shell.client.loop.flatSubmit(call).get()
        }
    }

    /// Hands over what has come, connection by connection: between connections the order of arrival is chance.
    private func deliver() {
        let events = shell.inbox.enumerated().sorted { ($0.element.id, $0.offset) < ($1.element.id, $1.offset) }
        shell.inbox.removeAll()
        for (_, entry) in events { shell.take(entry.id, entry.event) }
    }

    /// Waits until everything that the exchange has sent so far has arrived.
    private func barrier() async throws {
        let futures = try await onLoop { [self] in
            var futures: [EventLoopFuture<Void>] = []
            for lines in shell.market + (shell.user.map { [$0] } ?? []) {
                for line in lines.all {
                    let promise = shell.client.loop.makePromise(of: Void.self)
                    futures.append(promise.futureResult)
                    line.ping { promise.succeed() }
                }
            }
            return futures
        }
        for future in futures { try await future.get() }
    }

    private func onLoop<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await shell.client.loop.submit(body).get()
    }
}
