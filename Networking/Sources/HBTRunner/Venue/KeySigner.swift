import Crypto
import Foundation
import HBTBinance

/// Signs requests with an API key: HMAC-SHA256 with its secret, or Ed25519 with its private key.
struct KeySigner: Sendable {
    private enum Kind: Sendable {
        case hmac(RequestSigner)
        /// The 32 bytes of the private key.
        case ed25519([UInt8])
    }
    let apiKey: String
    private let kind: Kind

    init(apiKey: String, secret: String) {
        self.apiKey = apiKey
        kind = .hmac(RequestSigner(apiKey: apiKey, secret: secret))
    }

    /// - Parameter pem: PKCS #8, as `openssl genpkey -algorithm ed25519` writes it; nil is returned for anything else.
    init?(apiKey: String, pem: String) {
        let lines = pem.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }
        // PrivateKeyInfo of Ed25519 (RFC 8410): sixteen bytes that never differ, then the key.
        let head: [UInt8] = [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20]
        guard pem.contains("BEGIN PRIVATE KEY"), let der = Data(base64Encoded: lines.joined()), der.count == 48, der.starts(with: head),
            (try? Curve25519.Signing.PrivateKey(rawRepresentation: der.suffix(32))) != nil
        else { return nil }
        self.apiKey = apiKey
        kind = .ed25519(Array(der.suffix(32)))
    }

    /// The venue takes `session.logon` from keys of this kind.
    var canLogOn: Bool { if case .ed25519 = kind { true } else { false } }

    /// The parameters of a REST call with `timestamp`, `recvWindow` and, last, `signature`.
    func signed(_ parameters: QueryString, timestampMs: Int64, recvWindowMs: Int64) -> String {
        switch kind {
        case .hmac(let signer): return signer.signed(parameters, timestampMs: timestampMs, recvWindowMs: recvWindowMs)
        case .ed25519(let key):
            var query = parameters
            query.append("recvWindow", String(recvWindowMs))
            query.append("timestamp", String(timestampMs))
            let text = query.text
            return text + "&signature=" + QueryString.encoded(Self.signature(of: text, key: key))
        }
    }

    /// The signature of a request of the WebSocket API.
    func socketSignature(_ parameters: [(name: String, value: String)]) -> String {
        switch kind {
        case .hmac(let signer): signer.socketSignature(parameters)
        case .ed25519(let key): Self.signature(of: RequestSigner.socketPayload(parameters), key: key)
        }
    }

    private static func signature(of text: String, key: [UInt8]) -> String {
        // `init` has seen that the key is one; without a signature the venue refuses the request.
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: key), let made = try? key.signature(for: Data(text.utf8)) else { return "" }
        return made.base64EncodedString()
    }
}
