import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Asks for a WebSocket (RFC 6455, §4.1) and, when it is granted, makes room for its frames.
final class HandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private static let guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    private let url: ServerURL
    private let key: String
    private let limits: SocketClient.Limits
    private let line: WebSocketLine
    private let stamp: ReceiptStamp
    /// Taken out when the connection becomes a WebSocket.
    private let encoder: HTTPRequestEncoder
    private let decoder: ByteToMessageHandler<HTTPResponseDecoder>
    private var refusal: (status: Int, body: String)?

    init(
        url: ServerURL, key: String, limits: SocketClient.Limits, line: WebSocketLine, stamp: ReceiptStamp, encoder: HTTPRequestEncoder,
        decoder: ByteToMessageHandler<HTTPResponseDecoder>
    ) {
        self.url = url
        self.key = key
        self.limits = limits
        self.line = line
        self.stamp = stamp
        self.encoder = encoder
        self.decoder = decoder
    }

    func channelActive(context: ChannelHandlerContext) {
        let headers: HTTPHeaders = [
            "Host": url.hostHeader, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key,
            "User-Agent": "hbt",
        ]
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: url.path.isEmpty ? "/" : url.path, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard head.status == .switchingProtocols else {
                refusal = (Int(head.status.code), "")
                return
            }
            let expected = Data(Insecure.SHA1.hash(data: Data((key + Self.guid).utf8))).base64EncodedString()
            guard head.headers.first(name: "Upgrade")?.lowercased() == "websocket", head.headers.first(name: "Sec-WebSocket-Accept") == expected,
                !head.headers.contains(name: "Sec-WebSocket-Extensions")
            else { return line.end(code: 1006, .malformed("it agreed to a WebSocket with other headers than it must")) }
        case .body(let part):
            // Enough to say what the server minds.
            if let body = refusal?.body, body.utf8.count < 200 { refusal?.body += String(buffer: part).prefix(200) }
        case .end:
            if let refusal { return line.end(code: 1006, .refused(status: refusal.status, body: refusal.body.filter { !$0.isNewline })) }
            upgrade(context)
        }
    }

    private func upgrade(_ context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            pipeline.removeHandler(encoder, promise: nil)
            try pipeline.addHandler(WebSocketFrameEncoder())
            try pipeline.addHandler(ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.mostMessageBytes)))
            try pipeline.addHandler(NIOWebSocketFrameAggregator(
                minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1_024, maxAccumulatedFrameSize: limits.mostMessageBytes))
            try pipeline.addHandler(LineHandler(line: line, stamp: stamp))
            let line = line, channel = context.channel
            pipeline.removeHandler(self, promise: nil)
            // Bytes that the HTTP decoder has left go on to the frame decoder when it is taken out; before, it lets no
            // frame out, either.
            pipeline.removeHandler(decoder).whenComplete { _ in line.opened(channel) }
        } catch {
            line.end(code: 1006, .using(error))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        line.end(code: 1006, .cannotConnect("it was closed before it became a WebSocket"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { line.end(code: 1006, .connecting(error)) }
}

/// Remembers when bytes were last read from the socket.
final class ReceiptStamp: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    private let nowNs: @Sendable () -> Int64
    private(set) var newestNs: Int64

    init(nowNs: @escaping @Sendable () -> Int64) {
        self.nowNs = nowNs
        newestNs = nowNs()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        newestNs = nowNs()
        context.fireChannelRead(data)
    }
}
