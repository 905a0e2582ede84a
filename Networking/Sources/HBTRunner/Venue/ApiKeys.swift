import Foundation
import HBTBinance

/// The API key and secret; never printed.
struct ApiKeys: Sendable, CustomStringConvertible, CustomReflectable {
    let signer: RequestSigner
    var description: String { "ApiKeys(hidden)" }
    var customMirror: Mirror { Mirror(self, children: []) }

    struct Fault: Error, Equatable, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    init(key: String, secret: String) { signer = RequestSigner(apiKey: key, secret: secret) }

    /// From a file of two lines (`key = …`, `secret = …`, or bare) readable by its owner alone, or else from
    /// `HBT_API_KEY` and `HBT_API_SECRET`.
    ///
    /// - Throws: where they were looked for; never what was found.
    static func load(file: String?, environment: [String: String] = ProcessInfo.processInfo.environment) throws(Fault) -> ApiKeys {
        guard let file else {
            guard let key = environment["HBT_API_KEY"], !key.isEmpty, let secret = environment["HBT_API_SECRET"], !secret.isEmpty else {
                throw Fault("--live needs an API key: set HBT_API_KEY and HBT_API_SECRET, or name a file with venue.key_file")
            }
            return try checked(key, secret, "the environment")
        }
        var status = stat()
        guard stat(file, &status) == 0 else { throw Fault("\(file): the key file cannot be read: \(String(cString: strerror(errno)))") }
        guard status.st_mode & 0o077 == 0 else { throw Fault("\(file): others may read this key file; chmod 600 it") }
        guard status.st_size <= 65_536, let data = FileManager.default.contents(atPath: file) else { throw Fault("\(file): the key file cannot be read") }
        let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard lines.count == 2 else { throw Fault("\(file): two lines expected, the key and the secret") }
        var found: [String] = []
        for (line, names) in zip(lines, [["key", "api_key", "HBT_API_KEY"], ["secret", "api_secret", "HBT_API_SECRET"]]) {
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            let value = parts.count == 2 && names.contains(parts[0]) ? parts[1] : line
            found.append(value.trimmingCharacters(in: CharacterSet(charactersIn: "\"'")))
        }
        return try checked(found[0], found[1], file)
    }

    /// What goes into a header and a signature is plain text.
    private static func checked(_ key: String, _ secret: String, _ place: String) throws(Fault) -> ApiKeys {
        guard !key.isEmpty, !secret.isEmpty, (key + secret).utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Fault("\(place): the API key or secret is empty or holds blanks")
        }
        return ApiKeys(key: key, secret: secret)
    }
}
