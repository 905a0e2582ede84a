import HBTBinance
import HBTPaperExchange
import NIOCore
import NIOWebSocket

/// One WebSocket: text goes to the exchange, pings are answered, closing is closing.
final class SocketHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let core: ServerCore
    private let path: String
    private let market: VenueMarket?
    private var id: ConnectionID?

    init(core: ServerCore, path: String, market: VenueMarket?) {
        self.core = core
        self.path = path
        self.market = market
    }

    func handlerAdded(context: ChannelHandlerContext) {
        id = core.open(path: path, market: market, channel: context.channel)
        if id == nil { context.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        guard let id else { return }
        switch frame.opcode {
        case .text, .binary: core.receive(Array(frame.unmaskedData.readableBytesView), on: id)
        case .ping: context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)), promise: nil)
        case .connectionClose:
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: .connectionClose, data: frame.unmaskedData)))
                .whenComplete { _ in channel.close(promise: nil) }
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let id { core.closed(id) }
        id = nil
        context.fireChannelInactive()
    }

    /// Nothing more is queued for a client that has stopped reading: its connection is cut, as the venue does.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if !context.channel.isWritable { context.close(promise: nil) }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
