import NIOCore
import NIOWebSocket

/// Frames of an open WebSocket.
final class LineHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let line: WebSocketLine
    private let stamp: ReceiptStamp

    init(line: WebSocketLine, stamp: ReceiptStamp) {
        self.line = line
        self.stamp = stamp
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        guard frame.maskKey == nil else { return line.end(code: 1002, .malformed("a server's frames are not masked")) }
        switch frame.opcode {
        case .text, .binary: line.heard(.message(frame.data, isText: frame.opcode == .text, receivedNs: stamp.newestNs))
        case .ping:
            line.write(.pong, frame.data)
            line.heard(.alive(atNs: stamp.newestNs))
        case .pong:
            line.heard(.alive(atNs: stamp.newestNs))
            line.pong(frame.data)
        case .connectionClose:
            var data = frame.data
            let code = data.readWebSocketErrorCode().map { Int(UInt16(webSocketErrorCode: $0)) } ?? 1005
            line.write(.connectionClose, frame.data)
            line.end(code: code, nil)
        default: line.end(code: 1002, .malformed("a frame of an unknown kind"))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        line.end(code: 1006, .broken("the server closed it without a word"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { line.end(code: 1006, .using(error)) }
}
