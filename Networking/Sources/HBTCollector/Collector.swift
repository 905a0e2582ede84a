import Dispatch
import HBTLive
import HBTSockets
import NIOCore

/// The recorder on sockets: carries out what `CollectorCore` asks for, and stamps what comes in.
public final class Collector: @unchecked Sendable {
    // Everything below is confined to `queue`.
    private let core: CollectorCore
    private let client: SocketClient
    private let rest: ServerURL
    private let stream: ServerURL
    private let note: @Sendable (String) -> Void
    private let queue = DispatchQueue(label: "hbt.collect")
    private var lines: [Int: (connection: CollectorCore.Connection, line: WebSocketLine)] = [:]
    private var nextLine = 1
    private var isHeld = false
    private var timer: (any DispatchSourceTimer)?
    private lazy var inbox = MessageInbox(queue: queue) { [weak self] items in self?.take(items) }

    /// - Parameter note: gets one line for everything worth saying, on a thread of ours.
    public init(core: CollectorCore, client: SocketClient, rest: ServerURL, stream: ServerURL, note: @escaping @Sendable (String) -> Void) {
        self.core = core
        self.client = client
        self.rest = rest
        self.stream = stream
        self.note = note
    }

    public func start() {
        queue.sync {
            _ = inbox
            let timer = DispatchSource.makeTimerSource(queue: queue)
            timer.schedule(deadline: .now(), repeating: .milliseconds(100))
            timer.setEventHandler { [weak self] in self?.tick() }
            timer.resume()
            self.timer = timer
        }
    }

    public var counts: CollectorCore.Counts { queue.sync { core.counts } }
    public var recorderCounts: FeedRecorder.Counts { queue.sync { core.recorder.counts } }

    /// Ends the connections and writes everything. False when something could not be written.
    public func stop() -> Bool {
        queue.sync {
            timer?.cancel()
            timer = nil
            for (_, entry) in lines { entry.line.close() }
            let isWhole = core.finish()
            say()
            return isWhole
        }
    }

    private func tick() {
        for action in core.tick(WallClock.nowNs()) {
            switch action {
            case .connect(let connection, let path): connect(connection, path)
            case .close(let connection):
                for (_, entry) in lines where entry.connection == connection { entry.line.close() }
            case .fetch(let symbol, let path): fetch(symbol, path)
            }
        }
        say()
    }

    private func say() { for text in core.takeNotes() { note(text) } }

    private func connect(_ connection: CollectorCore.Connection, _ path: String) {
        let inbox = inbox
        let line = client.open(id: nextLine, url: stream.appending(path)) { [weak self] id, event in
            if !inbox.add(.init(line: id, event: event)) { self?.hold() }
        }
        lines[nextLine] = (connection, line)
        nextLine += 1
    }

    /// The sockets are faster than the disk: the venue has to wait (and ends the connection, should it last).
    private func hold() {
        queue.async { [self] in
            guard !isHeld else { return }
            isHeld = true
            for (_, entry) in lines { entry.line.setReading(false) }
            note("the feed comes faster than it can be written; reading waits")
        }
    }

    private func take(_ items: [MessageInbox.Item]) {
        for item in items {
            guard let connection = lines[item.line]?.connection else { continue }
            switch item.event {
            case .opened(let ns): core.opened(connection, at: ns)
            case .alive(let ns): core.heard(on: connection, at: ns)
            case .message(let buffer, _, let ns): buffer.withUnsafeReadableBytes { core.message($0, on: connection, at: ns) }
            case .closed(let code, let fault, let ns):
                core.closed(connection, at: ns, why: fault.map(String.init(describing:)) ?? "the venue closed it (\(code))")
                lines[item.line] = nil
            }
        }
        guard isHeld else { return }
        isHeld = false
        for (_, entry) in lines { entry.line.setReading(true) }
    }

    private func fetch(_ symbol: String, _ path: String) {
        client.send(HTTPCall("GET", rest.appending(path))).whenComplete { [self] result in queue.async { [self] in fetched(symbol, result) } }
    }

    private func fetched(_ symbol: String, _ result: Result<HTTPReply, any Error>) {
        switch result {
        case .success(let reply):
            // Seconds, as Binance sends it with 429 and 418.
            let wait = reply.status == 429 || reply.status == 418 ? Int64(reply.header("retry-after") ?? "") ?? 60 : 0
            reply.body.withUnsafeReadableBytes {
                core.snapshot(symbol, status: reply.status, body: $0, at: reply.receivedNs, retryAfterNs: min(max(wait, 0), 3600) * 1_000_000_000)
            }
        case .failure(let error): core.snapshotFailed(symbol, at: WallClock.nowNs(), why: "\(error)")
        }
    }
}
