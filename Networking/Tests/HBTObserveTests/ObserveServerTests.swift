import HBTLive
import HBTObserve
import HBTSockets
import NIOConcurrencyHelpers
import Testing

@Suite struct ObserveServerTests {
    private func ask(_ client: SocketClient, _ method: String, _ url: ServerURL, token: String? = nil) throws -> HTTPReply {
        try client.send(HTTPCall(method, url, headers: token.map { [("Authorization", "Bearer \($0)")] } ?? [])).wait()
    }

    @Test func theDoorOnASocket() throws {
        let box = StatusBox(), kills = NIOLockedValueBox(0), token = ObserveServer.makeToken()
        #expect(token.count == 32 && token != ObserveServer.makeToken())
        let server = try ObserveServer.start(port: 0, token: token, snapshotProvider: { box.newest }, onKill: { _ in kills.withLockedValue { $0 += 1 } })
        let client = try SocketClient()
        defer {
            client.shutdown()
            server.stop()
        }
        let base = try ServerURL("http://127.0.0.1:\(server.port)")
        #expect(try ask(client, "GET", base.at("/metrics")).status == 503, "nothing to show yet")
        var status = LiveStatus(name: "obi", runId: "abc", mode: "paper")
        status.steps = 7
        box.publish(status)
        let metrics = try ask(client, "GET", base.at("/metrics"))
        #expect(metrics.status == 200)
        #expect(String(decoding: metrics.bytes, as: UTF8.self).contains("hbt_steps_total{run=\"abc\",mode=\"paper\"} 7"))
        #expect(try ask(client, "GET", base.at("/health")).status == 200)
        #expect(try ask(client, "GET", base.at("/")).header("content-type") == "text/html; charset=utf-8")
        #expect(try ask(client, "POST", base.at("/kill")).status == 401)
        #expect(try ask(client, "POST", base.at("/kill"), token: "wrong").status == 401)
        #expect(kills.withLockedValue { $0 } == 0)
        #expect(try ask(client, "POST", base.at("/kill"), token: token).status == 202)
        #expect(kills.withLockedValue { $0 } == 1)
    }
}
