import HBTSockets
import Testing

@Suite struct ServerURLTests {
    @Test func addressesAreTakenApart() throws {
        let plain = try ServerURL("https://fapi.binance.com")
        #expect(plain.host == "fapi.binance.com" && plain.port == 443 && plain.path == "" && plain.isSecure)
        let full = try ServerURL("ws://127.0.0.1:8080/stream?streams=a/b")
        #expect(full.host == "127.0.0.1" && full.port == 8080 && full.path == "/stream?streams=a/b" && !full.isSecure)
        let six = try ServerURL("http://[::1]:81/x")
        #expect(six.host == "::1" && six.port == 81 && six.path == "/x")
        #expect(try ServerURL("http://a/base/").appending("/x").path == "/base/x")
    }

    @Test(arguments: ["a.b", "ftp://a", "http://", "http://a:0", "http://a:x", "http://user:secret@a", "http://a/b c", "http://a/\r\nX: y"])
    func badAddressesAreRefused(_ text: String) {
        #expect(throws: SocketFault.self) { try ServerURL(text) }
    }

    @Test func whatIsPrintedHoldsNoQuery() throws {
        #expect(try "\(ServerURL("ws://a:1/ws?listenKey=hidden"))" == "ws://a:1")
        #expect(throws: SocketFault.badAddress("an address with a user or password in it is not taken; remove it")) { try ServerURL("http://u:hidden@a") }
    }
}
