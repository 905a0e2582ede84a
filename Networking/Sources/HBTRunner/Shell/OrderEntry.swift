import HBTBinance
import HBTLive
import HBTSockets
import Logging
import NIOCore

/// Requests about single orders over the venue's WebSocket API, as long as its line is up.
///
/// One line that is kept open like the others. A key that may log on does so once a line; otherwise each request is
/// signed. Answers are matched by their ids and look like those of REST, so that what becomes of a request is decided in
/// one place. A line that ends, and ten seconds without an answer (which end it), leave a request of unknown outcome.
final class OrderEntry: @unchecked Sendable {
    // Confined to the client's loop.
    private struct Waiting {
        var line: Int
        var promise: EventLoopPromise<HTTPReply>
    }
    let lines: Lines
    private let client: SocketClient
    private let caller: VenueCaller
    private let signer: KeySigner
    private let market: VenueMarket
    private let url: ServerURL
    private let clock: RunClock
    private let log: Logger
    /// Lines over which requests may go, oldest first.
    private var usable: [Int] = []
    private var waiting: [Int64: Waiting] = [:]
    private var nextId: Int64 = 1
    /// Messages that could not be read.
    private(set) var badMessages: Int64 = 0
    private static let answerSeconds: Int64 = 10
    private static let logonMark = "logon-"

    /// - Parameter onEvent: what happens on its lines; to be handed to `take`.
    init(
        number: Int, caller: VenueCaller, signer: KeySigner, market: VenueMarket, url: ServerURL, clock: RunClock, log: Logger, seed: UInt64,
        onEvent: @escaping @Sendable (_ id: Int, _ event: SocketEvent) -> Void
    ) {
        client = caller.client
        self.caller = caller
        self.signer = signer
        self.market = market
        self.url = url
        self.clock = clock
        self.log = log
        lines = Lines(number: number, client: caller.client, limits: ConnectionPlan.Limits(), seed: seed, onEvent: onEvent)
    }

    /// Requests may go over it.
    var isUp: Bool { !usable.isEmpty }

    func tick(_ ns: Int64) { lines.tick(ns) { url } }

    /// Sends a request; nil when it has to go over REST.
    func send(_ request: VenueRequest) -> EventLoopFuture<HTTPReply>? {
        guard let method = request.socketMethod(market), let id = usable.last, let line = lines.all.first(where: { $0.id == id }) else { return nil }
        let number = nextId
        nextId += 1
        let promise = client.loop.makePromise(of: HTTPReply.self)
        waiting[number] = Waiting(line: id, promise: promise)
        line.send(message(id: String(number), method, request.parameters.items, isSigned: !signer.canLogOn))
        client.loop.scheduleTask(in: .seconds(Self.answerSeconds)) { [weak self] in self?.timeOut(number) }
        return promise.futureResult
    }

    private func message(id: String, _ method: String, _ items: [(name: String, value: String)], isSigned: Bool) -> String {
        var items = items
        let timestampMs = clock.nowNs / 1_000_000 &+ caller.offsetMs
        if isSigned { items.append(("apiKey", signer.apiKey)) }
        items += [("recvWindow", String(VenueCaller.recvWindowMs)), ("timestamp", String(timestampMs))]
        if isSigned { items.append(("signature", signer.socketSignature(items))) }
        let members = items.map { item in
            let isNumber = item.name == "timestamp" || item.name == "recvWindow"
            return JSONValue.Member(name: item.name, value: isNumber ? .number(item.value) : .string(item.value))
        }
        var out = JSONWriter()
        SocketRequest(id: .string(id), method: method, parameters: .object(members)).encode(into: &out)
        return out.text
    }

    /// A line that swallows requests is none: the next are sent over REST, until there is a new one.
    private func timeOut(_ number: Int64) {
        guard let late = waiting.removeValue(forKey: number) else { return }
        late.promise.fail(SocketFault.timedOut(seconds: Double(Self.answerSeconds)))
        log.warning("no answer on the order line; it is dialled anew", metadata: ["seconds": "\(Self.answerSeconds)"])
        let ids = usable
        lines.drop(at: clock.nowNs)
        for id in ids { lose(id) }
    }

    /// What was sent over a line that is gone may have been executed.
    private func lose(_ id: Int) {
        usable.removeAll { $0 == id }
        for number in waiting.keys.sorted() where waiting[number]?.line == id {
            waiting.removeValue(forKey: number)?.promise.fail(SocketFault.broken("the order line ended before the answer"))
        }
    }

    // MARK: what comes in

    func take(_ id: Int, _ event: SocketEvent, at ns: Int64) {
        guard lines.note(id, event, at: ns) else { return }
        switch event {
        case .opened:
            log.info("order line open", metadata: ["connection": "\(id)", "server": "\(url)"])
            guard signer.canLogOn else { return usable.append(id) }
            lines.all.first { $0.id == id }?.send(message(id: Self.logonMark + String(id), "session.logon", [], isSigned: true))
        case .message(let bytes, _, let receivedNs): answer(Array(bytes.readableBytesView), on: id, receivedNs)
        case .alive: break
        case .closed(let code, let fault, _):
            log.warning("order line closed", metadata: ["connection": "\(id)", "code": "\(code)", "fault": "\(fault.map { "\($0)" } ?? "none")"])
            lose(id)
        }
    }

    private func answer(_ bytes: [UInt8], on id: Int, _ receivedNs: Int64) {
        guard let json = try? JSONValue.parse(bytes), let status = json["status"]?.integer.flatMap({ Int(exactly: $0) }) else {
            badMessages += 1
            return log.warning("an answer on the order line cannot be read")
        }
        guard let text = json["id"]?.text else { return }
        if text == Self.logonMark + String(id) { return loggedOn(status == 200, json, id) }
        guard let number = Int64(text), let asked = waiting.removeValue(forKey: number) else { return }
        asked.promise.succeed(Self.reply(json, status: status, receivedNs: receivedNs))
    }

    private func loggedOn(_ isFine: Bool, _ json: JSONValue, _ id: Int) {
        if isFine { return usable.append(id) }
        let error = json["error"].flatMap { VenueError($0, httpStatus: 400) }
        log.error("the venue does not let the order line log on; orders go over REST", metadata: ["answer": "\(error.map { "\($0)" } ?? "unreadable")"])
    }

    /// An answer as REST would have given it: the body, and the headers that count.
    static func reply(_ json: JSONValue, status: Int, receivedNs: Int64) -> HTTPReply {
        var out = JSONWriter()
        out.value(json[status == 200 ? "result" : "error"] ?? .null)
        var headers: [(name: String, value: String)] = []
        for limit in json["rateLimits"]?.elements ?? [] {
            guard let count = limit["count"]?.integer else { continue }
            switch (limit["rateLimitType"]?.text, limit["interval"]?.text, limit["intervalNum"]?.integer) {
            case ("REQUEST_WEIGHT", "MINUTE", 1): headers.append(("x-mbx-used-weight-1m", String(count)))
            case ("ORDERS", "SECOND", 10): headers.append(("x-mbx-order-count-10s", String(count)))
            case ("ORDERS", "DAY", 1): headers.append(("x-mbx-order-count-1d", String(count)))
            default: break
            }
        }
        // Milliseconds since 1970 here, seconds from now in the header of REST.
        if let data = json["error"]?["data"], let until = data["retryAfter"]?.integer, let now = data["serverTime"]?.integer, until > now {
            headers.append(("retry-after", String((until - now) / 1_000 + 1)))
        }
        return HTTPReply(status: status, headers: headers, body: ByteBuffer(bytes: out.bytes), receivedNs: receivedNs)
    }
}
