import Crypto
import Foundation
import HBTBinance
import HBTLive
import HBTSockets
import HBTTypes
import Logging
import PaperSupport
import Testing

@testable import HBTRunner

/// Orders over the WebSocket API of a paper exchange on loopback.
@Suite(.serialized, .timeLimit(.minutes(3))) struct OrderEntryTests {
    /// An order line without a run around it.
    private final class Bench: @unchecked Sendable {
        let client: SocketClient
        let caller: VenueCaller
        let entry: OrderEntry
        let calls: VenueCalls
        private final class Holder: @unchecked Sendable { var entry: OrderEntry? }

        init(port: Int, keys: ApiKeys) throws {
            client = try SocketClient()
            caller = VenueCaller(client: client, rest: try ServerURL("http://127.0.0.1:\(port)"), keys: keys)
            calls = VenueCalls(
                market: .usdMargined, rules: [try VenueCallsTests.rules(.usdMargined)], specs: [AssetSpec(symbol: "BTCUSDT", tickSize: 0.1, lotSize: 0.001)])
            let holder = Holder()
            var log = Logger(label: "test")
            log.logLevel = .critical
            entry = OrderEntry(
                number: 1, caller: caller, signer: keys.signer, market: .usdMargined, url: try ServerURL("ws://127.0.0.1:\(port)/ws-fapi/v1"),
                clock: .machine, log: log, seed: 1
            ) { holder.entry?.take($0, $1, at: $1.ns) }
            holder.entry = entry
        }

        /// Ticks until the line is up, or is not.
        func wait(isUp: Bool) async throws -> Bool {
            for _ in 0..<500 {
                let now = try await client.loop.submit { [self] in
                    entry.tick(WallClock.nowNs())
                    return entry.isUp
                }.get()
                if now == isUp { return true }
                try await Task.sleep(for: .milliseconds(10))
            }
            return false
        }

        /// The answer over the line; nil when it does not take the request.
        func send(_ request: VenueRequest) async throws -> (status: Int, json: JSONValue)? {
            let reply = try await client.loop.flatSubmit { [self] in
                entry.send(request).map { $0.map { Optional($0) } } ?? client.loop.makeSucceededFuture(nil)
            }.get()
            return try reply.map { ($0.status, try JSONValue.parse($0.bytes)) }
        }
    }

    private func play(_ keys: ApiKeys, _ paper: Paper) async throws {
        let bench = try Bench(port: paper.port, keys: keys)
        defer { bench.client.shutdown() }
        let none = try await bench.send(bench.calls.query(clientId: "a", asset: 0))
        #expect(none == nil, "no line yet: over REST")
        #expect(try await bench.wait(isUp: true))
        let order = Order(orderId: 1, side: .buy, timeInForce: .gtc, priceTick: 580_000, quantity: 0.01)
        let placed = try #require(try await bench.send(bench.calls.place(clientId: "hbt-a-1", asset: 0, order: order)))
        #expect(placed.status == 200 && placed.json["clientOrderId"]?.text == "hbt-a-1", "\(placed)")
        let asked = try #require(try await bench.send(bench.calls.query(clientId: "hbt-a-1", asset: 0)))
        #expect(asked.json["status"]?.text == "NEW")
        let amended = try #require(try await bench.send(bench.calls.amend(clientId: "hbt-a-1", asset: 0, side: .buy, priceTick: 579_000, quantity: 0.02)))
        #expect(amended.status == 200 && amended.json["price"]?.text == "57900.00", "\(amended)")
        let cancelled = try #require(try await bench.send(bench.calls.cancel(clientId: "hbt-a-1", asset: 0)))
        #expect(cancelled.json["status"]?.text == "CANCELED")
        let unknown = try #require(try await bench.send(bench.calls.cancel(clientId: "hbt-a-1", asset: 0)))
        #expect(unknown.status == 400 && unknown.json["code"]?.integer == -2011, "\(unknown)")
        let other = try await bench.send(bench.calls.openOrders(asset: 0))
        #expect(other == nil, "lists go over REST")
    }

    @Test func eachRequestIsSignedWithASecret() async throws {
        let paper = try Paper()
        try await play(ApiKeys(key: Paper.key, secret: Paper.secret), paper)
        try paper.stop()
    }

    @Test func anEd25519KeyLogsOnOnce() async throws {
        let key = Curve25519.Signing.PrivateKey()
        let head: [UInt8] = [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20]
        let publicHead: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        func pem(_ name: String, _ bytes: Data) -> String { "-----BEGIN \(name)-----\n\(bytes.base64EncodedString())\n-----END \(name)-----\n" }
        let session = try Session(port: 1)
        try pem("PRIVATE KEY", Data(head) + key.rawRepresentation).write(toFile: session.path("private.pem"), atomically: true, encoding: .utf8)
        try "key = ed-key\nprivate_key = private.pem\n".write(toFile: session.path("keys"), atomically: true, encoding: .utf8)
        for name in ["private.pem", "keys"] { chmod(session.path(name), 0o600) }
        let paper = try Paper(ed25519: ("ed-key", pem("PUBLIC KEY", Data(publicHead) + key.publicKey.rawRepresentation)))
        let keys = try ApiKeys.load(file: session.path("keys"))
        #expect(keys.signer.canLogOn)
        try await play(keys, paper)
        // Over REST such a key signs, too.
        let bench = try Bench(port: paper.port, keys: keys)
        defer { bench.client.shutdown() }
        let reply = try await bench.caller.send(bench.calls.openOrders(asset: 0), nowNs: WallClock.nowNs()).get()
        #expect(reply.status == 200, "\(String(decoding: reply.bytes, as: UTF8.self))")
        chmod(session.path("private.pem"), 0o644)
        #expect(throws: ApiKeys.Fault.self) { () throws(ApiKeys.Fault) in try ApiKeys.load(file: session.path("keys")) }
        try "nonsense".write(toFile: session.path("private.pem"), atomically: false, encoding: .utf8)
        chmod(session.path("private.pem"), 0o600)
        let fault = #expect(throws: ApiKeys.Fault.self) { () throws(ApiKeys.Fault) in try ApiKeys.load(file: session.path("keys")) }
        #expect(fault?.description.contains("openssl genpkey") == true)
        try paper.stop()
    }

    @Test func aLineThatEndsLeavesRequestsUnknownAndRestTakesOver() async throws {
        let paper = try Paper(faults: ["unanswered=1"])
        let bench = try Bench(port: paper.port, keys: ApiKeys(key: Paper.key, secret: Paper.secret))
        defer { bench.client.shutdown() }
        #expect(try await bench.wait(isUp: true))
        let order = Order(orderId: 1, side: .buy, timeInForce: .gtc, priceTick: 580_000, quantity: 0.01)
        let request = try bench.calls.place(clientId: "hbt-a-1", asset: 0, order: order)
        let asked = Task { try await bench.send(request) }
        try await Task.sleep(for: .milliseconds(300))
        let broken = try await bench.client.send(HTTPCall("POST", try ServerURL("http://127.0.0.1:\(paper.port)/hbt/faults?disconnect=now"))).get()
        #expect(broken.status == 200)
        await #expect(throws: SocketFault.self) { _ = try await asked.value }
        #expect(try await bench.client.loop.submit { bench.entry.send(request) == nil }.get(), "over REST meanwhile")
        #expect(try await bench.wait(isUp: true), "and the line comes back")
        try paper.stop()
    }

    @Test func answersLookLikeThoseOfRest() throws {
        let limited = """
            {"id":"1","status":429,"error":{"code":-1003,"msg":"Too many","data":{"serverTime":1000,"retryAfter":4500}},
            "rateLimits":[{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":2400,"count":7},
            {"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":300,"count":3}]}
            """
        let reply = OrderEntry.reply(try JSONValue.parse(Array(limited.utf8)), status: 429, receivedNs: 5)
        #expect(reply.header("retry-after") == "4" && reply.header("x-mbx-used-weight-1m") == "7" && reply.header("x-mbx-order-count-10s") == "3")
        #expect(VenueAnswers.error(reply)?.code == -1003)
    }

    @Test func aRunOverTheOrderLineEndsCleanUnderFaults() async throws {
        let faults = ["seed=5", "unanswered=0.05", "lost=0.03", "reject=0.05", "failure=0.02", "disconnect=0.001"]
        let paper = try Paper(faults: faults, seed: 5), session = try Session(port: paper.port, venue: "order_entry = \"websocket\"\n")
        let run = try session.start(["--live", "--out", "a", "--for", "8s"])
        let status = try await run.end(within: 170)
        #expect(status == 0 || status == 1, "\(run.errors.suffix(2_000))")
        #expect(run.errors.contains("order line open") && run.errors.contains("nothing is open at the venue"), "\(run.errors.suffix(2_000))")
        let venue = try await VenueView.read(port: paper.port)
        #expect(venue.orders == [])
        #expect(run.errors.contains("positions=[\(venue.position)]"), "\(venue.position) \(run.errors.suffix(2_000))")
        #expect(try session.text("a/orders.csv").split(separator: "\n").count > 10)
        #expect(Verbs.run(["replay", session.path("a/journal")]).status == 0)
        #expect(try session.everything().range(of: Data(Paper.secret.utf8)) == nil)
        try paper.stop()
    }
}
