import NIOCore

/// An HTTP request.
public struct HTTPCall: Sendable {
    public var method: String
    public var url: ServerURL
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
    /// nil for the client's own.
    public var timeoutSeconds: Double?

    public init(
        _ method: String = "GET", _ url: ServerURL, headers: [(name: String, value: String)] = [], body: [UInt8] = [], timeoutSeconds: Double? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeoutSeconds = timeoutSeconds
    }
}

/// An answer, of whatever status.
public struct HTTPReply: Sendable {
    public var status: Int
    /// Names in lower case.
    public var headers: [(name: String, value: String)]
    public var body: ByteBuffer
    /// When its last byte was received, the client's clock.
    public var receivedNs: Int64

    public init(status: Int, headers: [(name: String, value: String)], body: ByteBuffer, receivedNs: Int64) {
        self.status = status
        self.headers = headers
        self.body = body
        self.receivedNs = receivedNs
    }

    public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    public var bytes: [UInt8] { Array(body.readableBytesView) }
}

/// What happens on a WebSocket.
public enum SocketEvent: Sendable {
    case opened(atNs: Int64)
    /// A whole message; `receivedNs` is when its last bytes were read from the socket, before they were decrypted.
    case message(ByteBuffer, isText: Bool, receivedNs: Int64)
    /// A ping (answered already) or a pong: the other side lives.
    case alive(atNs: Int64)
    /// The end: the peer's code (1005 without one), or the fault that ended or prevented the connection.
    case closed(code: Int, fault: SocketFault?, atNs: Int64)
}
