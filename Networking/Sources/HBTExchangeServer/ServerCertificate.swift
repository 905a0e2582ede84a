import Crypto
import Foundation
import NIOSSL
import X509

/// A certificate for this process alone: for localhost and the loopback addresses, signed by itself.
public struct ServerCertificate: Sendable {
    /// What clients are to trust.
    public let certificatePEM: String
    let keyPEM: String

    /// - Throws: when the certificate cannot be made; nothing from outside goes into it but the time.
    public init(host: String) throws {
        let key = P256.Signing.PrivateKey()
        let issuer = Certificate.PrivateKey(key)
        let name = try DistinguishedName { CommonName("hbt exchange") }
        var names: [GeneralName] = [.dnsName("localhost"), .ipAddress(.init(contentBytes: [127, 0, 0, 1]))]
        if host != "localhost", host != "127.0.0.1" { names.append(.dnsName(host)) }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: issuer.publicKey, notValidBefore: Date().addingTimeInterval(-3600),
            notValidAfter: Date().addingTimeInterval(90 * 86_400), issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                SubjectAlternativeNames(names)
            }, issuerPrivateKey: issuer)
        certificatePEM = try certificate.serializeAsPEM().pemString
        keyPEM = key.pemRepresentation
    }

    func context() throws -> NIOSSLContext {
        let certificate = try NIOSSLCertificate(bytes: Array(certificatePEM.utf8), format: .pem)
        let key = try NIOSSLPrivateKey(bytes: Array(keyPEM.utf8), format: .pem)
        return try NIOSSLContext(configuration: .makeServerConfiguration(certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)))
    }
}
