import HBTBinance
import HBTLive
import HBTSockets
import NIOCore

/// Signs calls with the venue's time and sends them. Confined to the client's loop after the start.
final class VenueCaller: @unchecked Sendable {
    let client: SocketClient
    let rest: ServerURL
    let keys: ApiKeys?
    /// The venue's clock less ours.
    var offsetMs: Int64 = 0
    static let recvWindowMs: Int64 = 5_000

    init(client: SocketClient, rest: ServerURL, keys: ApiKeys?) {
        self.client = client
        self.rest = rest
        self.keys = keys
    }

    /// - Parameter nowNs: our clock.
    func send(_ request: VenueRequest, nowNs: Int64, timeoutSeconds: Double? = nil) -> EventLoopFuture<HTTPReply> {
        var headers: [(name: String, value: String)] = []
        var query = request.parameters.text
        if request.security != .none {
            guard let keys else { return client.loop.makeFailedFuture(RequestFault("there are no API keys")) }
            headers.append(("X-MBX-APIKEY", keys.signer.apiKey))
            if request.security == .signed {
                query = keys.signer.signed(request.parameters, timestampMs: nowNs / 1_000_000 &+ offsetMs, recvWindowMs: Self.recvWindowMs)
            }
        }
        let url = rest.appending(request.path + (query.isEmpty ? "" : "?" + query))
        return client.send(HTTPCall(request.method, url, headers: headers, timeoutSeconds: timeoutSeconds))
    }
}
