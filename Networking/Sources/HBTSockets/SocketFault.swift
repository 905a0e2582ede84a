import NIOCore
import NIOPosix
import NIOSSL

/// Why a request or a connection failed; one line each, never with what was sent.
public enum SocketFault: Error, Equatable, Sendable, CustomStringConvertible {
    case badAddress(String)
    /// The file of trusted certificates cannot be used.
    case badTrust(String)
    /// No connection: nothing has been sent.
    case cannotConnect(String)
    /// No connection, because the certificate is not one that we trust.
    case notTrusted(String)
    /// The connection broke; what was sent may have been received.
    case broken(String)
    /// No answer in time; what was sent may have been received.
    case timedOut(seconds: Double)
    /// The answer is longer than the limit.
    case tooLong(limit: Int)
    /// The server did not agree to a WebSocket.
    case refused(status: Int, body: String)
    /// Neither HTTP nor WebSocket.
    case malformed(String)

    /// Nothing of the request has reached the server.
    public var isUnsent: Bool {
        switch self {
        case .badAddress, .badTrust, .cannotConnect, .notTrusted: true
        default: false
        }
    }

    public var description: String {
        switch self {
        case .badAddress(let text), .badTrust(let text): text
        case .cannotConnect(let text): "no connection: \(text)"
        case .notTrusted(let text): "the server's certificate is not trusted (\(text)); give its authority's file with --ca, if it is yours"
        case .broken(let text): "the connection broke: \(text)"
        case .timedOut(let seconds): "no answer within \(seconds) s"
        case .tooLong(let limit): "the answer is longer than \(limit) bytes"
        case .refused(let status, let body): "the server answered \(status) instead of a WebSocket: \(body)"
        case .malformed(let text): "the server does not keep to the protocol: \(text)"
        }
    }

    /// What went wrong before there was a connection.
    static func connecting(_ error: any Error) -> SocketFault {
        if let fault = error as? SocketFault { return fault }
        if let tls = tlsText(error) { return .notTrusted(tls) }
        return .cannotConnect(text(error))
    }

    /// What went wrong on a connection.
    static func using(_ error: any Error) -> SocketFault {
        if let fault = error as? SocketFault { return fault }
        if let tls = tlsText(error) { return .notTrusted(tls) }
        return .broken(text(error))
    }

    private static func tlsText(_ error: any Error) -> String? {
        if let error = error as? NIOSSLError, case .handshakeFailed(let inner) = error { return line("\(inner)") }
        if let error = error as? NIOSSLExtraError { return line("\(error)") }
        return nil
    }

    private static func text(_ error: any Error) -> String {
        if let error = error as? NIOConnectionError, let first = error.connectionErrors.first { return line("\(first.error)") }
        return line("\(error)")
    }

    private static func line(_ text: String) -> String { String(text.split(whereSeparator: \.isNewline).joined(separator: " ").prefix(200)) }
}
