import NIOCore
import NIOPosix

/// A server that says what it is told to, whatever it is asked, or nothing.
final class RawServer: Sendable {
    private let channel: any Channel
    var port: Int { channel.localAddress?.port ?? 0 }

    /// - Parameters:
    ///   - answer: nil for silence.
    ///   - isClosing: closes after the answer.
    init(answer: String?, isClosing: Bool = false) async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Speaker(answer: answer, isClosing: isClosing)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    func stop() async throws { try await channel.close() }

    private final class Speaker: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        let answer: String?
        let isClosing: Bool

        init(answer: String?, isClosing: Bool) {
            self.answer = answer
            self.isClosing = isClosing
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard let answer else { return }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
            if isClosing { context.close(promise: nil) }
        }
    }
}
