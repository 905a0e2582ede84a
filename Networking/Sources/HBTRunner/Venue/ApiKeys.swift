import Foundation
import HBTBinance

/// The API key and what signs for it; never printed.
struct ApiKeys: Sendable, CustomStringConvertible, CustomReflectable {
    let signer: KeySigner
    var description: String { "ApiKeys(hidden)" }
    var customMirror: Mirror { Mirror(self, children: []) }

    struct Fault: Error, Equatable, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    init(key: String, secret: String) { signer = KeySigner(apiKey: key, secret: secret) }
    private init(_ signer: KeySigner) { self.signer = signer }

    /// From a file of two lines (`key = …`, `secret = …`, or bare) readable by its owner alone, or else from
    /// `HBT_API_KEY` and `HBT_API_SECRET`. In place of the secret, `private_key = …` and `HBT_API_PRIVATE_KEY` name the file
    /// of an Ed25519 key (PEM), which only its owner may read either.
    ///
    /// - Throws: where they were looked for; never what was found.
    static func load(file: String?, environment: [String: String] = ProcessInfo.processInfo.environment) throws(Fault) -> ApiKeys {
        guard let file else {
            if let key = environment["HBT_API_KEY"], !key.isEmpty, let place = environment["HBT_API_PRIVATE_KEY"], !place.isEmpty {
                return try ed25519(key, place)
            }
            guard let key = environment["HBT_API_KEY"], !key.isEmpty, let secret = environment["HBT_API_SECRET"], !secret.isEmpty else {
                throw Fault("--live needs an API key: set HBT_API_KEY and HBT_API_SECRET, or name a file with venue.key_file")
            }
            return try checked(key, secret, "the environment")
        }
        let lines = try read(file).split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard lines.count == 2 else { throw Fault("\(file): two lines expected, the key and the secret") }
        var found: [String] = [], isPrivateKey = false
        for (line, names) in zip(lines, [["key", "api_key", "HBT_API_KEY"], ["secret", "api_secret", "HBT_API_SECRET", "private_key"]]) {
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            let value = parts.count == 2 && names.contains(parts[0]) ? parts[1] : line
            isPrivateKey = parts.count == 2 && parts[0] == "private_key"
            found.append(value.trimmingCharacters(in: CharacterSet(charactersIn: "\"'")))
        }
        guard !isPrivateKey else {
            let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
            return try ed25519(found[0], found[1].hasPrefix("/") ? found[1] : "\(folder)/\(found[1])")
        }
        return try checked(found[0], found[1], file)
    }

    /// The text of a file that only its owner may read.
    private static func read(_ file: String) throws(Fault) -> String {
        var status = stat()
        guard stat(file, &status) == 0 else { throw Fault("\(file): the key file cannot be read: \(String(cString: strerror(errno)))") }
        guard status.st_mode & 0o077 == 0 else { throw Fault("\(file): others may read this key file; chmod 600 it") }
        guard status.st_size <= 65_536, let data = FileManager.default.contents(atPath: file) else { throw Fault("\(file): the key file cannot be read") }
        return String(decoding: data, as: UTF8.self)
    }

    private static func ed25519(_ key: String, _ place: String) throws(Fault) -> ApiKeys {
        guard let signer = KeySigner(apiKey: key, pem: try read(place)) else {
            throw Fault("\(place): this is no Ed25519 private key (PEM, PKCS #8); make one with openssl genpkey -algorithm ed25519")
        }
        _ = try checked(key, "unused", place)
        return ApiKeys(signer)
    }

    /// What goes into a header and a signature is plain text.
    private static func checked(_ key: String, _ secret: String, _ place: String) throws(Fault) -> ApiKeys {
        guard !key.isEmpty, !secret.isEmpty, (key + secret).utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Fault("\(place): the API key or secret is empty or holds blanks")
        }
        return ApiKeys(key: key, secret: secret)
    }
}
