import HBTBinance
import HBTPaperExchange
import NIOCore
import NIOWebSocket

/// The exchange and its sockets.
///
/// Confined to one event loop: every method is called there, which is what makes it safe to send.
final class ServerCore: @unchecked Sendable {
    private let exchange: PaperExchange
    private let clock: VenueClock
    let loop: any EventLoop
    private var channels: [ConnectionID: any Channel] = [:]
    /// A socket whose client does not read is closed once this many bytes wait.
    static let maximumBacklog = 64 << 20

    init(exchange: PaperExchange, clock: VenueClock, loop: any EventLoop) {
        self.exchange = exchange
        self.clock = clock
        self.loop = loop
    }

    /// A request meets the exchange at its time of arrival; or, on a machine that cannot keep up, at the time the data has come to.
    private func arrivalNs() -> Int64 {
        guard let now = clock.nowNs else { return exchange.nowNs }
        let behindNs = now &- exchange.nowNs
        exchange.behindNs = behindNs > Self.catchUpNs ? behindNs : 0
        return behindNs > Self.catchUpNs ? exchange.nowNs : now
    }
    private static let catchUpNs: Int64 = 50_000_000

    /// Plays the data up to now and sends what came of it; for a few milliseconds at a time, so that an exchange that is behind still
    /// hears its clients, and frames do not pile up.
    func pump() {
        loop.preconditionInEventLoop()
        guard let now = clock.nowNs else { return flush() }
        let begun = NIODeadline.now()
        repeat {
            exchange.advance(to: min(now, exchange.nowNs &+ 1_000_000))
            flush()
        } while exchange.nowNs < now && NIODeadline.now() - begun < .milliseconds(10)
    }

    /// - Parameter isLocal: it comes from this machine.
    func handle(_ request: RestRequest, isLocal: Bool) -> RestReply {
        loop.preconditionInEventLoop()
        let reply: RestReply
        if request.path.hasPrefix("/hbt/") {
            reply = isLocal ? control(request) : Self.refusal(403, "the controls are for this machine alone")
        } else {
            reply = exchange.handle(request, at: arrivalNs())
        }
        // Events that the request caused leave before its answer, as likely at the venue as after.
        flush()
        return reply
    }

    // MARK: sockets

    func open(path: String, market: VenueMarket?, channel: any Channel) -> ConnectionID? {
        loop.preconditionInEventLoop()
        guard let id = exchange.open(path: path, market: market, at: arrivalNs()) else { return nil }
        channels[id] = channel
        return id
    }

    func receive(_ bytes: [UInt8], on id: ConnectionID) {
        exchange.receive(bytes, on: id, at: arrivalNs())
        flush()
    }

    func closed(_ id: ConnectionID) {
        guard channels.removeValue(forKey: id) != nil else { return }
        exchange.close(id)
    }

    private func flush() {
        var touched: [ConnectionID] = []
        for frame in exchange.takeFrames() {
            guard let channel = channels[frame.connection] else { continue }
            if touched.last != frame.connection { touched.append(frame.connection) }
            switch frame.content {
            case .text(let bytes): channel.write(Self.frame(.text, ByteBuffer(bytes: bytes)), promise: nil)
            case .ping: channel.write(Self.frame(.ping, ByteBuffer(string: String(exchange.nowNs / 1_000_000))), promise: nil)
            case .close(let code):
                // 1006 is no code for the wire: the connection just breaks.
                if code == 1006 {
                    channel.close(promise: nil)
                } else {
                    var data = ByteBuffer()
                    data.write(webSocketErrorCode: WebSocketErrorCode(codeNumber: Int(code)))
                    channel.writeAndFlush(Self.frame(.connectionClose, data)).whenComplete { _ in channel.close(promise: nil) }
                }
                channels[frame.connection] = nil
            }
        }
        for id in touched { channels[id]?.flush() }
    }

    private static func frame(_ opcode: WebSocketOpcode, _ data: ByteBuffer) -> WebSocketFrame { WebSocketFrame(fin: true, opcode: opcode, data: data) }

    // MARK: control

    private func control(_ request: RestRequest) -> RestReply {
        switch request.path {
        case "/hbt/clock": clockControl(request)
        case "/hbt/faults": faultControl(request)
        default: Self.refusal(404, "there is nothing at \(request.path); /hbt/clock and /hbt/faults are the controls")
        }
    }

    /// `GET /hbt/faults`; `POST /hbt/faults?drop=0.01&gap=0.05` changes those named, `?clear=true` ends all,
    /// `?disconnect=now` breaks every socket once.
    private func faultControl(_ request: RestRequest) -> RestReply {
        guard request.method == "POST" else { return faultReply() }
        let text = [request.query, request.body].filter { !$0.isEmpty }.joined(separator: "&")
        guard let query = try? QueryString(parsing: text), !query.items.isEmpty
        else { return Self.refusal(400, "NAME=CHANCE expected, as --fault takes it; or clear=true, or disconnect=now") }
        var plan = exchange.faultPlan
        var breaksAll = false
        for item in query.items {
            switch (item.name, item.value) {
            case ("clear", "true"): plan.rates = [:]
            case ("disconnect", "now"): breaksAll = true
            default: if let wrong = plan.set("\(item.name)=\(item.value)") { return Self.refusal(400, wrong) }
            }
        }
        exchange.faultPlan = plan
        if breaksAll { exchange.disconnectAll() }
        return faultReply()
    }

    private func faultReply() -> RestReply {
        let plan = exchange.faultPlan
        var out = JSONWriter()
        out.beginObject()
        out.field("seed", String(plan.seed))
        for kind in FaultPlan.Kind.allCases {
            out.name(kind.rawValue)
            out.number(String(plan.rates[kind] ?? 0))
        }
        out.field("delayMs", plan.maximumDelayMs)
        out.field("clockMs", plan.clockStepMs)
        out.field("lifeS", plan.connectionLifeNs / 1_000_000_000)
        out.endObject()
        return RestReply(headers: [("Content-Type", "application/json")], body: out.bytes)
    }

    /// `GET /hbt/clock`; `POST /hbt/clock?advanceMs=…`, `?toMs=…`, `?toNs=…`, or `?rows=…` when the clock is stepped.
    private func clockControl(_ request: RestRequest) -> RestReply {
        guard request.method == "POST" else { return clockReply() }
        guard clock.isStepped else { return Self.refusal(400, "the clock runs by itself; start with --stepped to move it") }
        guard let query = try? QueryString(parsing: request.query) else { return Self.refusal(400, "a bad query") }
        func number(_ name: String) -> Int64? { query[name].flatMap { Int64($0) } }
        if let ms = number("advanceMs"), ms >= 0, ms <= 86_400_000 {
            exchange.advance(to: exchange.nowNs &+ ms &* 1_000_000)
        } else if let ms = number("toMs"), ms >= 0, ms <= 9_000_000_000_000 {
            exchange.advance(to: ms &* 1_000_000)
        } else if let ns = number("toNs"), ns >= 0 {
            exchange.advance(to: min(ns, 9_000_000_000_000_000_000))
        } else if let rows = number("rows"), rows > 0 {
            for _ in 0..<rows where !exchange.hasEnded { exchange.advance(to: exchange.nextRowNs) }
        } else {
            return Self.refusal(400, "advanceMs=0…86400000, toMs=…, toNs=… or rows=… expected")
        }
        flush()
        return clockReply()
    }

    private func clockReply() -> RestReply {
        var out = JSONWriter()
        out.beginObject()
        out.field("venueNs", exchange.nowNs)
        out.field("venueMs", exchange.nowNs / 1_000_000)
        out.name("nextRowNs")
        if exchange.hasEnded { out.null() } else { out.integer(exchange.nextRowNs) }
        out.field("stepped", clock.isStepped)
        out.field("ended", exchange.hasEnded)
        out.endObject()
        return RestReply(headers: [("Content-Type", "application/json")], body: out.bytes)
    }

    private static func refusal(_ status: Int, _ text: String) -> RestReply {
        var out = JSONWriter()
        out.beginObject()
        out.field("error", text)
        out.endObject()
        return RestReply(status: status, headers: [("Content-Type", "application/json")], body: out.bytes)
    }
}
