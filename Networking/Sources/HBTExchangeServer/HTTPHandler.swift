import HBTBinance
import HBTPaperExchange
import NIOCore
import NIOHTTP1

/// Collects requests and writes answers, in turn, over one connection.
final class HTTPHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    static let maximumBody = 1 << 20
    let core: ServerCore
    /// The market of stream paths that name none.
    let market: VenueMarket?
    /// Taken out when the connection becomes a WebSocket.
    let encoder: HTTPResponseEncoder
    let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isTooLong = false

    init(core: ServerCore, market: VenueMarket?, encoder: HTTPResponseEncoder, decoder: ByteToMessageHandler<HTTPRequestDecoder>) {
        self.core = core
        self.market = market
        self.encoder = encoder
        self.decoder = decoder
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.removeAll(keepingCapacity: true)
            isTooLong = false
        case .body(let buffer):
            if body.count + buffer.readableBytes > Self.maximumBody { isTooLong = true } else { body += Array(buffer.readableBytesView) }
        case .end:
            guard let head else { return }
            self.head = nil
            answer(head, context)
        }
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        if let key = Self.handshakeKey(head) { return upgrade(head, key: key, context) }
        let isAlive = head.isKeepAlive
        guard !isTooLong else { return write(RestReply(status: 413, body: []), isAlive: false, context) }
        let cut = head.uri.firstIndex(of: "?") ?? head.uri.endIndex
        let reply = core.handle(RestRequest(
            method: head.method.rawValue, path: String(head.uri[..<cut]), query: String(head.uri[cut...].dropFirst()),
            body: String(decoding: body, as: UTF8.self), headers: head.headers.map { ($0.name.lowercased(), $0.value) }),
            isLocal: Self.isLocal(context.remoteAddress))
        if reply.isLost { return context.close(promise: nil) }
        guard reply.delayMs > 0 else { return write(reply, isAlive: isAlive, context) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(reply.delayMs)) {
            let (handler, context) = bound.value
            handler.write(reply, isAlive: isAlive, context)
        }
    }

    private static func isLocal(_ address: SocketAddress?) -> Bool {
        guard let ip = address?.ipAddress else { return false }
        return ip == "::1" || ip.hasPrefix("127.") || ip.hasPrefix("::ffff:127.")
    }

    private func write(_ reply: RestReply, isAlive: Bool, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        var headers = HTTPHeaders(reply.headers.map { ($0.name, $0.value) })
        headers.add(name: "Content-Length", value: String(reply.body.count))
        if !isAlive { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: reply.body)))), promise: nil)
        let done = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        guard !isAlive else { return }
        let channel = context.channel
        done.whenComplete { _ in channel.close(promise: nil) }
    }

    /// A peer that breaks the protocol or goes away is its own affair.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
