import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// One WebSocket connection, from dialling to its end; it never dials again.
public final class WebSocketLine: @unchecked Sendable {
    // Confined to the client's loop, but for `send` and `close`, which go there.
    public let id: Int
    public let url: ServerURL
    private let client: SocketClient
    private let pingSeconds: Double
    private let onEvent: @Sendable (Int, SocketEvent) -> Void
    private var channel: (any Channel)?
    private var isEnded = false
    private var isOpen = false
    /// What came with the answer to the handshake.
    private var early: [SocketEvent] = []
    private var heardNs: NIODeadline = .now()
    private var pings: RepeatedTask?
    /// Pings that `ping` sent, oldest first, and whom their pongs are for.
    private var awaited: [@Sendable () -> Void] = []

    init(id: Int, url: ServerURL, client: SocketClient, pingSeconds: Double, onEvent: @escaping @Sendable (Int, SocketEvent) -> Void) {
        self.id = id
        self.url = url
        self.client = client
        self.pingSeconds = pingSeconds
        self.onEvent = onEvent
    }

    /// Sends a text message. Nothing happens when the connection is not open.
    public func send(_ text: String) {
        client.loop.execute { self.write(.text, ByteBuffer(string: text)) }
    }

    /// Says goodbye and closes. The event `.closed` comes in any case.
    public func close(code: Int = 1000) {
        client.loop.execute { self.leave(code: code) }
    }

    /// Sends a ping, once the connection is open; `done` is called when its pong has come, or the connection has ended.
    ///
    /// What the peer sent before it saw the ping has been delivered by then.
    public func ping(_ done: @escaping @Sendable () -> Void) {
        client.loop.execute { [self] in
            if isEnded { return done() }
            awaited.append(done)
            if isOpen { write(.ping, ByteBuffer(staticString: Self.mark)) }
        }
    }

    /// Marks the pings of `ping`, so that the pongs of others are not taken for theirs.
    static let mark: StaticString = "hbt"

    /// Stops reading from the socket, so that the peer has to wait; `true` goes on.
    public func setReading(_ isReading: Bool) {
        client.loop.execute { self.channel?.setOption(.autoRead, value: isReading).whenComplete { _ in } }
    }

    // MARK: on the loop

    func start() {
        let key = Data((0..<16).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
        let limits = client.limits
        client.connect(url) { [self] channel in
            let pipeline = channel.pipeline.syncOperations
            // Before TLS: the moment at which bytes came, not at which they were understood.
            let stamp = ReceiptStamp(nowNs: client.nowNs)
            try pipeline.addHandler(stamp, position: .first)
            let encoder = HTTPRequestEncoder()
            let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
            try pipeline.addHandler(encoder)
            try pipeline.addHandler(decoder)
            try pipeline.addHandler(HandshakeHandler(
                url: url, key: key, limits: limits, line: self, stamp: stamp, encoder: encoder, decoder: decoder))
        }.whenComplete { [self] result in
            switch result {
            case .success(let channel):
                if isEnded { return channel.close(promise: nil) }
                self.channel = channel
            case .failure(let error): end(code: 1006, SocketFault.connecting(error))
            }
        }
        client.loop.scheduleTask(in: .nanoseconds(Int64(client.limits.connectSeconds * 1e9))) { [self] in
            if !isOpen, !isEnded { end(code: 1006, .cannotConnect("no WebSocket within \(client.limits.connectSeconds) s")) }
        }
    }

    func opened(_ channel: any Channel) {
        guard !isEnded else { return channel.close(promise: nil) }
        self.channel = channel
        isOpen = true
        heardNs = .now()
        if pingSeconds > 0 {
            let every = TimeAmount.nanoseconds(Int64(pingSeconds * 1e9))
            pings = client.loop.scheduleRepeatedTask(initialDelay: every, delay: every) { [weak self] _ in
                guard let self, .now() - heardNs >= every else { return }
                write(.ping, ByteBuffer())
            }
        }
        onEvent(id, .opened(atNs: client.nowNs()))
        for event in early { heard(event) }
        early = []
        for _ in awaited { write(.ping, ByteBuffer(staticString: Self.mark)) }
    }

    func heard(_ event: SocketEvent) {
        heardNs = .now()
        guard !isEnded else { return }
        if isOpen { onEvent(id, event) } else { early.append(event) }
    }

    func pong(_ data: ByteBuffer) {
        guard data == ByteBuffer(staticString: Self.mark), !awaited.isEmpty else { return }
        awaited.removeFirst()()
    }

    func end(code: Int, _ fault: SocketFault?) {
        guard !isEnded else { return }
        isEnded = true
        pings?.cancel()
        channel?.close(promise: nil)
        channel = nil
        onEvent(id, .closed(code: code, fault: fault, atNs: client.nowNs()))
        for done in awaited { done() }
        awaited = []
    }

    func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer) {
        guard isOpen, !isEnded, let channel else { return }
        guard channel.isWritable else { return end(code: 1006, .broken("it takes no more: too much waits to be sent")) }
        channel.writeAndFlush(WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data), promise: nil)
    }

    private func leave(code: Int) {
        guard isOpen, !isEnded, let channel else { return end(code: code, nil) }
        var data = ByteBuffer()
        data.write(webSocketErrorCode: WebSocketErrorCode(codeNumber: code))
        let goodbye = channel.writeAndFlush(WebSocketFrame(fin: true, opcode: .connectionClose, maskKey: .random(), data: data))
        goodbye.whenComplete { [self] _ in end(code: code, nil) }
    }
}
