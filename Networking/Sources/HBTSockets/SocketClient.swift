import NIOCore
import NIOPosix
import NIOSSL

/// HTTP requests and WebSockets of one thread.
///
/// Everything happens on `loop`: results and events are delivered there, in order, and what they call must not block.
/// TLS certificates are always verified.
public final class SocketClient: Sendable {
    /// Whose certificates are believed.
    public enum Trust: Equatable, Sendable {
        /// The system's authorities.
        case system
        /// The certificates in this PEM file, and no others.
        case file(String)
    }

    public struct Limits: Sendable {
        /// Until a connection stands, TLS included, seconds.
        public var connectSeconds = 5.0
        /// From sending a request to the end of its answer, seconds; each request may have its own.
        public var requestSeconds = 10.0
        /// Bytes of an answer's body.
        public var mostBodyBytes = 32 << 20
        /// Bytes of a WebSocket frame, and of a message in several frames.
        public var mostMessageBytes = 16 << 20
        /// Idle connections kept for further requests to one server.
        public var idleConnections = 4
        /// Requests under way to one server; further ones wait in line.
        public var mostConnections = 16
        /// A WebSocket on which so many bytes wait to be sent is given up.
        public var mostUnsentBytes = 4 << 20
        public init() {}
    }

    public let loop: any EventLoop
    public let limits: Limits
    let group: MultiThreadedEventLoopGroup
    private let ownsGroup: Bool
    private let tls: NIOSSLContext
    private let pool: HTTPPool
    let nowNs: @Sendable () -> Int64

    /// - Parameters:
    ///   - group: runs the client; nil for a thread of its own.
    ///   - nowNs: the clock that stamps what comes in, nanoseconds since the Unix epoch.
    public init(
        trust: Trust = .system, limits: Limits = Limits(), group: MultiThreadedEventLoopGroup? = nil,
        nowNs: @escaping @Sendable () -> Int64 = WallClock.nowNs
    ) throws(SocketFault) {
        self.limits = limits
        self.nowNs = nowNs
        self.group = group ?? MultiThreadedEventLoopGroup(numberOfThreads: 1)
        ownsGroup = group == nil
        loop = self.group.next()
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        if case .file(let path) = trust { configuration.trustRoots = .file(path) }
        do {
            if case .file(let path) = trust { _ = try NIOSSLCertificate.fromPEMFile(path) }
            tls = try NIOSSLContext(configuration: configuration)
        } catch {
            let place: String = if case .file(let path) = trust { path } else { "the system's certificates" }
            throw SocketFault.badTrust("\(place): cannot be read as PEM certificates")
        }
        pool = HTTPPool(loop: loop, limits: limits)
    }

    /// Sends a request; the answer (of whatever status) or why there is none.
    public func send(_ request: HTTPCall) -> EventLoopFuture<HTTPReply> {
        loop.flatSubmit { self.pool.send(request, client: self) }
    }

    /// Opens a WebSocket.
    ///
    /// - Parameters:
    ///   - id: the caller's own name for it; comes with each event.
    ///   - pingSeconds: a ping goes out when nothing has come for so long; 0 for never.
    ///   - onEvent: called on `loop`: `.opened` at most once, then messages, then `.closed` exactly once.
    public func open(
        id: Int, url: ServerURL, pingSeconds: Double = 15, onEvent: @escaping @Sendable (_ id: Int, _ event: SocketEvent) -> Void
    ) -> WebSocketLine {
        let line = WebSocketLine(id: id, url: url, client: self, pingSeconds: pingSeconds, onEvent: onEvent)
        loop.execute { line.start() }
        return line
    }

    /// Ends everything; no event comes after it. Not to be called on `loop`.
    public func shutdown() {
        try? loop.submit { self.pool.closeAll() }.wait()
        if ownsGroup { try? group.syncShutdownGracefully() }
    }

    /// A connection with TLS as the address wants it, before any protocol.
    func connect(_ url: ServerURL, _ configure: @escaping @Sendable (any Channel) throws -> Void) -> EventLoopFuture<any Channel> {
        let tls = tls
        return ClientBootstrap(group: loop)
            .connectTimeout(.nanoseconds(Int64(limits.connectSeconds * 1e9)))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.writeBufferWaterMark, value: .init(low: limits.mostUnsentBytes / 2, high: limits.mostUnsentBytes))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if url.isSecure { try channel.pipeline.syncOperations.addHandler(try Self.tlsHandler(tls, host: url.host)) }
                    try configure(channel)
                }
            }
            .connect(host: url.host, port: url.port)
            .flatMapErrorThrowing { throw SocketFault.connecting($0) }
    }

    /// An address has no name to be sent ahead; its certificate must then name the address.
    private static func tlsHandler(_ context: NIOSSLContext, host: String) throws -> NIOSSLClientHandler {
        let isAddress = (try? NIOCore.SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host)
    }
}
