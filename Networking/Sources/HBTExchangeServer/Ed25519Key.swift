import Crypto
import Foundation

/// A customer's public Ed25519 key: signatures of requests come in base64.
public struct Ed25519Key: Sendable {
    private let key: Curve25519.Signing.PublicKey

    /// - Parameter pem: `-----BEGIN PUBLIC KEY-----`, as `openssl pkey -pubout` writes it.
    public init?(pem: String) {
        let lines = pem.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }
        // SubjectPublicKeyInfo of Ed25519 (RFC 8410): twelve bytes that never differ, then the key.
        let head: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        guard pem.contains("BEGIN PUBLIC KEY"), let der = Data(base64Encoded: lines.joined()), der.count == 44, der.starts(with: head),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: der.suffix(32))
        else { return nil }
        self.key = key
    }

    public func isSignature(_ signature: String, of text: String) -> Bool {
        guard let bytes = Data(base64Encoded: signature) else { return false }
        return key.isValidSignature(bytes, for: Data(text.utf8))
    }
}
