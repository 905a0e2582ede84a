import Crypto
import Foundation
import HBTBinance
import HBTExchangeServer
import HBTSockets
import PaperSupport
import Testing

@Suite struct ControlTests {
    @Test func aPublicKeyVerifiesWhatItsPrivateOneSigned() throws {
        let key = Curve25519.Signing.PrivateKey(), other = Curve25519.Signing.PrivateKey()
        let head: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        let der = Data(head) + key.publicKey.rawRepresentation
        let pem = "-----BEGIN PUBLIC KEY-----\n\(der.base64EncodedString())\n-----END PUBLIC KEY-----\n"
        let known = try #require(Ed25519Key(pem: pem))
        let text = "symbol=BTCUSDT&timestamp=1"
        let signature = try key.signature(for: Data(text.utf8)).base64EncodedString()
        #expect(known.isSignature(signature, of: text))
        #expect(!known.isSignature(signature, of: text + "1"))
        #expect(!known.isSignature(try other.signature(for: Data(text.utf8)).base64EncodedString(), of: text))
        #expect(!known.isSignature("no base64", of: text))
        #expect(Ed25519Key(pem: "") == nil)
        #expect(Ed25519Key(pem: pem.replacingOccurrences(of: "PUBLIC", with: "PRIVATE")) == nil)
        #expect(Ed25519Key(pem: "-----BEGIN PUBLIC KEY-----\n\(der.dropLast().base64EncodedString())\n-----END PUBLIC KEY-----") == nil)
    }

    @Test func faultsAreSwitchedOverHTTP() throws {
        let paper = try Paper()
        let client = try SocketClient()
        defer {
            client.shutdown()
            try? paper.server.stop()
        }
        func ask(_ method: String, _ path: String) throws -> HTTPReply { try client.send(HTTPCall(method, try paper.url(.http, path))).wait() }
        #expect(try ask("GET", "/fapi/v1/ping").status == 200)
        let set = try ask("POST", "/hbt/faults?failure=1&seed=5")
        #expect(try JSONValue.parse(set.bytes).decimal("failure").double == 1)
        #expect(try ask("GET", "/fapi/v1/ping").status >= 500)
        #expect(try ask("POST", "/hbt/faults?clear=true").status == 200)
        #expect(try ask("GET", "/fapi/v1/ping").status == 200)
        for wrong in ["", "?failure=2", "?nonsense=1"] { #expect(try ask("POST", "/hbt/faults\(wrong)").status == 400) }
        #expect(try ask("GET", "/hbt/nothing").status == 404)
    }

    /// Five hours of market a second are more than a machine plays: the data fall behind, the exchange and its clock do not.
    @Test func anExchangeThatCannotKeepUpStillAnswers() throws {
        let paper = try Paper(speed: 20_000)
        let client = try SocketClient()
        defer {
            client.shutdown()
            try? paper.server.stop()
        }
        func ask(_ path: String) throws -> JSONValue { try JSONValue.parse(try client.send(HTTPCall("GET", try paper.url(.http, path))).wait().bytes) }
        var newest = try ask("/hbt/clock").integer("venueMs")
        for _ in 0..<5 {
            Thread.sleep(forTimeInterval: 0.2)
            let before = WallClock.nowNs() / 1_000_000
            let shown = try ask("/fapi/v1/time").integer("serverTime")
            #expect(shown >= before - 1 && shown <= WallClock.nowNs() / 1_000_000 + 1)
            let played = try ask("/hbt/clock").integer("venueMs")
            #expect(played > newest && played < shown)
            newest = played
        }
    }
}
