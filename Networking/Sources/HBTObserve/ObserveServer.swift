import HBTLive
import NIOCore
import NIOHTTP1
import NIOPosix

/// The metrics, health check and page of one run, on this machine's loopback address and nowhere else.
public final class ObserveServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    /// Where it listens.
    public let port: Int

    /// - Parameters:
    ///   - port: 0 lets the system choose.
    ///   - token: what `POST /kill` must show; at least 16 characters (`makeToken`).
    ///   - snapshotProvider: called on the server's thread for each request; nil before there is a status. A `StatusBox`
    ///     brings it over from the run's own thread.
    ///   - onKill: called on the server's thread.
    /// - Throws: when nothing can listen at the port.
    public static func start(
        port: Int, token: String, snapshotProvider: @escaping @Sendable () -> LiveStatus?, onKill: @escaping @Sendable (_ reason: String) -> Void
    ) throws -> ObserveServer {
        try ObserveServer(port: port, door: ObserveDoor(token: token, status: snapshotProvider, kill: onKill))
    }

    /// 32 hexadecimal digits that nobody can guess.
    public static func makeToken() -> String {
        (0..<4).map { _ in
            let digits = String(UInt32.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    private init(port: Int, door: ObserveDoor) throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            channel = try ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 16)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                        try channel.pipeline.syncOperations.addHandler(ObserveHandler(door))
                    }
                }
                .bind(host: "127.0.0.1", port: port).wait()
        } catch {
            try? group.syncShutdownGracefully()
            throw error
        }
        self.port = channel.localAddress?.port ?? port
    }

    /// Not to be called on an event loop.
    public func stop() { try? group.syncShutdownGracefully() }
}

/// One connection: requests in turn.
private final class ObserveHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart
    private let door: ObserveDoor
    private var head: HTTPRequestHead?

    init(_ door: ObserveDoor) { self.door = door }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        // No request has a body that means anything.
        case .body: break
        case .end:
            guard let head else { return }
            self.head = nil
            answer(head, context)
        }
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let path = String(head.uri.prefix { $0 != "?" })
        let reply = door.answer(.init(method: head.method.rawValue, path: path, headers: head.headers.map { ($0.name.lowercased(), $0.value) }))
        let headers: HTTPHeaders = [
            "Content-Type": reply.contentType, "Content-Length": String(reply.body.count), "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
        ]
        let answer = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status), headers: headers)
        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        if head.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: reply.body)))), promise: nil) }
        let done = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        guard !head.isKeepAlive else { return }
        let channel = context.channel
        done.whenComplete { _ in channel.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
