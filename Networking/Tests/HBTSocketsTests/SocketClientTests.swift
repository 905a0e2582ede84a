import Foundation
import HBTExchangeServer
import HBTSockets
import NIOCore
import PaperSupport
import Testing

/// Over loopback sockets; nothing waits for more than a few seconds.
@Suite(.serialized, .timeLimit(.minutes(2))) struct SocketClientTests {
    @Test func answersOfAnyStatusComeBack() async throws {
        let paper = try Paper(), client = try SocketClient()
        let time = try await client.send(HTTPCall("GET", try paper.url(.http, "/fapi/v1/time"))).get()
        #expect(time.status == 200 && String(decoding: time.bytes, as: UTF8.self).hasPrefix("{\"serverTime\":"))
        let nothing = try await client.send(HTTPCall("POST", try paper.url(.http, "/fapi/v1/order"))).get()
        #expect(nothing.status >= 400 && nothing.header("content-length") != nil)
        client.shutdown()
        try paper.stop()
    }

    @Test func manyRequestsAtOnceShareFewConnections() async throws {
        let paper = try Paper(), client = try SocketClient(), url = try paper.url(.http, "/fapi/v1/ping")
        let futures = (0..<200).map { _ in client.send(HTTPCall("GET", url)) }
        for future in futures { #expect(try await future.get().status == 200) }
        client.shutdown()
        try paper.stop()
    }

    @Test func silenceEndsARequestInTime() async throws {
        let server = try await RawServer(answer: nil), client = try SocketClient()
        let url = try ServerURL("http://127.0.0.1:\(server.port)/")
        await #expect(throws: SocketFault.timedOut(seconds: 0.2)) { try await client.send(HTTPCall("GET", url, timeoutSeconds: 0.2)).get() }
        client.shutdown()
        try await server.stop()
    }

    @Test func nobodyThereIsKnownAsUnsent() async throws {
        let server = try await RawServer(answer: nil), port = server.port
        try await server.stop()
        let client = try SocketClient(), url = try ServerURL("http://127.0.0.1:\(port)/")
        let fault = await #expect(throws: SocketFault.self) { try await client.send(HTTPCall("GET", url)).get() }
        #expect(fault?.isUnsent == true)
        client.shutdown()
    }

    @Test func longAnswersAndBrokenOnesAreFaults() async throws {
        var limits = SocketClient.Limits()
        limits.mostBodyBytes = 10
        let client = try SocketClient(limits: limits)
        let long = try await RawServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n01234567890")
        await #expect(throws: SocketFault.tooLong(limit: 10)) { try await client.send(HTTPCall("GET", try ServerURL("http://127.0.0.1:\(long.port)"))).get() }
        let short = try await RawServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n0123", isClosing: true)
        let fault = await #expect(throws: SocketFault.self) { try await client.send(HTTPCall("GET", try ServerURL("http://127.0.0.1:\(short.port)"))).get() }
        #expect(fault?.isUnsent == false)
        let noise = try await RawServer(answer: "hello\r\n\r\n")
        await #expect(throws: SocketFault.self) { try await client.send(HTTPCall("GET", try ServerURL("http://127.0.0.1:\(noise.port)"))).get() }
        client.shutdown()
        for server in [long, short, noise] { try await server.stop() }
    }

    @Test func streamsComeWithTheTimeOfReceipt() async throws {
        let paper = try Paper(), client = try SocketClient(), heard = Recorder()
        let before = WallClock.nowNs()
        let line = client.open(id: 7, url: try paper.url(.ws, "/stream?streams=btcusdt@depth@0ms/btcusdt@trade"), onEvent: heard.take)
        #expect(try await heard.wait { $0.texts.count > 20 })
        #expect(heard.texts.allSatisfy { $0.hasPrefix("{\"stream\":\"btcusdt@") })
        #expect(heard.stamps.allSatisfy { $0 >= before && $0 <= WallClock.nowNs() })
        line.close()
        #expect(try await heard.wait { !$0.closes.isEmpty })
        #expect(heard.closes.count == 1 && heard.closes[0].code == 1000)
        client.shutdown()
        try paper.stop()
    }

    @Test func whatIsSentAtTheOpeningArrives() async throws {
        let paper = try Paper(), client = try SocketClient(), heard = Recorder()
        let line = client.open(id: 1, url: try paper.url(.ws, "/ws"), onEvent: heard.take)
        // Both wait for the opening.
        line.ping { heard.take(1, .message(ByteBuffer(string: "pong"), isText: true, receivedNs: 0)) }
        #expect(try await heard.wait { $0.isOpened && $0.texts == ["pong"] })
        line.send(#"{"method":"LIST_SUBSCRIPTIONS","id":3}"#)
        #expect(try await heard.wait { $0.texts.contains { $0.contains("\"id\":3") } })
        client.shutdown()
        try paper.stop()
    }

    @Test func aServerThatGoesAwayClosesTheStreamOnce() async throws {
        let paper = try Paper(), client = try SocketClient(), heard = Recorder()
        _ = client.open(id: 1, url: try paper.url(.ws, "/ws/btcusdt@trade"), onEvent: heard.take)
        #expect(try await heard.wait { $0.isOpened })
        try paper.stop()
        #expect(try await heard.wait { !$0.closes.isEmpty })
        #expect(heard.closes.count == 1)
        client.shutdown()
    }

    @Test func refusedHandshakesSayWhy() async throws {
        let client = try SocketClient()
        let plain = try await RawServer(answer: "HTTP/1.1 404 Not Found\r\nContent-Length: 7\r\n\r\nno such")
        let forged = try await RawServer(
            answer: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n")
        let heard = [Recorder(), Recorder()]
        for (server, recorder) in zip([plain, forged], heard) {
            _ = client.open(id: 1, url: try ServerURL("ws://127.0.0.1:\(server.port)/"), onEvent: recorder.take)
            #expect(try await recorder.wait { !$0.closes.isEmpty })
            #expect(!recorder.isOpened && recorder.closes.count == 1)
        }
        #expect(heard[0].closes.first?.fault == .refused(status: 404, body: "no such"))
        client.shutdown()
        for server in [plain, forged] { try await server.stop() }
    }

    @Test func certificatesAreVerified() async throws {
        let certificate = try ServerCertificate(host: "127.0.0.1")
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("hbt-ca-\(UInt64.random(in: 0 ... .max)).pem").path
        try certificate.certificatePEM.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let paper = try Paper(certificate: certificate)
        let trusting = try SocketClient(trust: .file(file)), strict = try SocketClient()
        #expect(try await trusting.send(HTTPCall("GET", try paper.url(.https, "/fapi/v1/ping"))).get().status == 200)
        let fault = await #expect(throws: SocketFault.self) { try await strict.send(HTTPCall("GET", try paper.url(.https, "/fapi/v1/ping"))).get() }
        if case .notTrusted? = fault {} else { Issue.record("\(String(describing: fault))") }
        let heard = Recorder()
        _ = trusting.open(id: 1, url: try paper.url(.wss, "/ws/btcusdt@bookTicker"), onEvent: heard.take)
        #expect(try await heard.wait { !$0.texts.isEmpty })
        #expect(throws: SocketFault.self) { try SocketClient(trust: .file("/nowhere.pem")) }
        trusting.shutdown()
        strict.shutdown()
        try paper.stop()
    }
}
