import Crypto
import Foundation

/// A customer's public Ed25519 key: signatures of requests come in base64.
public struct Ed25519Key: Sendable {
    private let bytes: [UInt8]

    /// - Parameter pem: `-----BEGIN PUBLIC KEY-----`, as `openssl pkey -pubout` writes it.
    public init?(pem: String) {
        let lines = pem.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }
        // SubjectPublicKeyInfo of Ed25519 (RFC 8410): twelve bytes that never differ, then the key.
        let head: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        guard pem.contains("BEGIN PUBLIC KEY"), let der = Data(base64Encoded: lines.joined()), der.count == 44, der.starts(with: head),
            (try? Curve25519.Signing.PublicKey(rawRepresentation: der.suffix(32))) != nil
        else { return nil }
        bytes = Array(der.suffix(32))
    }

    public func isSignature(_ signature: String, of text: String) -> Bool {
        guard let given = Data(base64Encoded: signature), let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return false }
        return key.isValidSignature(given, for: Data(text.utf8))
    }
}
