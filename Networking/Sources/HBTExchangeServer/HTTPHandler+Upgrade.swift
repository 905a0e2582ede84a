import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// From HTTP to WebSocket (RFC 6455, §4.2.2).
///
/// Done by hand, because NIO's own upgrader only looks at a connection's first request, and a client that has
/// REST and streams at one address sends the upgrade over a connection it has used before.
extension HTTPHandler {
    private static let guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    static let maximumFrame = 1 << 20

    /// The handshake's key when this is a request for a WebSocket at a path that could be one.
    static func handshakeKey(_ head: HTTPRequestHead) -> String? {
        guard head.method == .GET, head.headers[canonicalForm: "upgrade"].contains(where: { $0.lowercased() == "websocket" }),
            head.headers.first(name: "Sec-WebSocket-Version") == "13", isSocketPath(head.uri)
        else { return nil }
        return head.headers.first(name: "Sec-WebSocket-Key")
    }

    /// Anything that could name a stream; what it names is for the exchange to say.
    private static func isSocketPath(_ uri: String) -> Bool {
        let path = uri.prefix { $0 != "?" }
        return path.split(separator: "/").contains { ["ws", "stream", "ws-api", "ws-fapi", "ws-dapi"].contains($0) }
    }

    func upgrade(_ head: HTTPRequestHead, key: String, _ context: ChannelHandlerContext) {
        let accept = Data(Insecure.SHA1.hash(data: Data((key + Self.guid).utf8))).base64EncodedString()
        let headers: HTTPHeaders = ["Upgrade": "websocket", "Connection": "upgrade", "Sec-WebSocket-Accept": accept]
        context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        let pipeline = context.pipeline.syncOperations
        pipeline.removeHandler(encoder, promise: nil)
        do {
            try pipeline.addHandler(WebSocketFrameEncoder())
            try pipeline.addHandler(ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: Self.maximumFrame)))
            try pipeline.addHandler(NIOWebSocketFrameAggregator(
                minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1024, maxAccumulatedFrameSize: Self.maximumFrame))
            try pipeline.addHandler(SocketHandler(core: core, path: head.uri, market: market))
        } catch {
            return context.close(promise: nil)
        }
        // Bytes that the HTTP decoder has left go on to the frame decoder when it is taken out.
        pipeline.removeHandler(self, promise: nil)
        pipeline.removeHandler(decoder, promise: nil)
    }
}
