import HBTBinance
import HBTPaperExchange
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The paper exchange on sockets: HTTP and WebSocket on one port, the same over TLS on another.
///
/// One event loop does everything, so that requests and data meet in one order.
public final class ExchangeServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let channels: [any Channel]
    /// Where it listens, in the order of the places asked for.
    public let ports: [Int]

    /// One address to listen at.
    public struct Place: Sendable {
        /// 0 lets the system choose.
        public var port: Int
        /// nil for no TLS.
        public var certificate: ServerCertificate?
        /// The market of stream paths that name none; nil looks for each stream in all.
        public var market: VenueMarket?

        public init(port: Int, certificate: ServerCertificate? = nil, market: VenueMarket? = nil) {
            self.port = port
            self.certificate = certificate
            self.market = market
        }
    }

    /// Starts listening.
    ///
    /// - Parameter make: makes the exchange; called once, on the loop's thread.
    public init(
        host: String, places: [Place], venueStartNs: Int64, isStepped: Bool,
        make: @escaping @Sendable () throws -> PaperExchange
    ) throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let asked = ContinuousClock.now
        let core = try loop.submit {
            let exchange = try make()
            let late = asked.duration(to: .now).components
            let lateNs = late.seconds &* 1_000_000_000 &+ late.attoseconds / 1_000_000_000
            return ServerCore(exchange: exchange, clock: VenueClock(startNs: venueStartNs, isStepped: isStepped, lateNs: lateNs), loop: loop)
        }.wait()
        let group = group
        let listening = try places.map { try Self.bind(group, core, host: host, $0) }
        channels = listening
        ports = zip(listening, places).map { $0.localAddress?.port ?? $1.port }
        // Two milliseconds: a tenth of the fastest stream's usual spacing.
        if !isStepped { loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(2)) { _ in core.pump() } }
    }

    /// Waits until the server is stopped.
    public func wait() throws { try channels[0].closeFuture.wait() }

    /// Stops listening: `wait` returns.
    public func close() { for channel in channels { channel.close(promise: nil) } }

    public func stop() throws { try group.syncShutdownGracefully() }

    private static func bind(_ group: MultiThreadedEventLoopGroup, _ core: ServerCore, host: String, _ place: Place) throws -> any Channel {
        let tls = try place.certificate?.context()
        return try ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 1 << 20, high: ServerCore.maximumBacklog))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try configure(channel, core, tls, place.market) }
            }
            .bind(host: host, port: place.port).wait()
    }

    private static func configure(_ channel: any Channel, _ core: ServerCore, _ tls: NIOSSLContext?, _ market: VenueMarket?) throws {
        let pipeline = channel.pipeline.syncOperations
        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        let encoder = HTTPResponseEncoder()
        let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
        try pipeline.addHandler(encoder)
        try pipeline.addHandler(decoder)
        try pipeline.addHandler(HTTPHandler(core: core, market: market, encoder: encoder, decoder: decoder))
    }
}
