import HBTBinance
import HBTSockets
import NIOCore

/// An exchange whose clock moves only when told to, as a driver handles it: moves its clock, and knows when everything
/// that this caused has arrived.
final class SteppedVenue: @unchecked Sendable {
    // Confined to the client's loop between the awaits, of which only one is under way.
    let shell: LiveShell

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    init(_ shell: LiveShell) { self.shell = shell }

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

    func advance(byMs ms: Int64) async throws -> (ns: Int64, hasEnded: Bool) { try await control("advanceMs=\(ms)") }
    func move(toNs ns: Int64) async throws -> (ns: Int64, hasEnded: Bool) { try await control("toNs=\(ns)") }

    private func control(_ query: String) async throws -> (ns: Int64, hasEnded: Bool) {
        try Self.read(try await shell.client.send(HTTPCall("POST", shell.caller.rest.appending("/hbt/clock?" + query))).get())
    }

    /// Delivers what has come and sends what is asked for, at once, until there is neither.
    func settle() async throws {
        while true {
            try await barrier()
            let isQuiet = try await onLoop { [self] in
                deliver()
                return shell.waiting.isEmpty
            }
            guard isQuiet else {
                try await sendNext()
                continue
            }
            if try await onLoop({ [self] in shell.inbox.isEmpty && shell.waiting.isEmpty }) { return }
        }
    }

    private func sendNext() async throws {
        try await shell.client.loop.flatSubmit { [self] in
            let call = shell.waiting.removeFirst()
            let bound = NIOLoopBound(call, eventLoop: shell.client.loop), done = shell.client.loop.makePromise(of: Void.self)
            call.send().whenComplete {
                bound.value.finish($0)
                done.succeed()
            }
            return done.futureResult
        }.get()
    }

    /// Hands over what has come, connection by connection: between connections the order of arrival is chance.
    func deliver() { for entry in takeInbox() { shell.take(entry.id, entry.event) } }

    func takeInbox() -> [(id: Int, event: SocketEvent)] {
        let events = shell.inbox.enumerated().sorted { ($0.element.id, $0.offset) < ($1.element.id, $1.offset) }
        shell.inbox.removeAll()
        return events.map(\.element)
    }

    /// Waits until everything that the exchange has sent so far has arrived: an answer comes after what was sent before it.
    func barrier() async throws {
        let futures = try await onLoop { [self] in
            var futures: [EventLoopFuture<Void>] = []
            for lines in shell.market + [shell.user, shell.orderEntry?.lines].compactMap({ $0 }) {
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

    func onLoop<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await shell.client.loop.submit(body).get()
    }
}
