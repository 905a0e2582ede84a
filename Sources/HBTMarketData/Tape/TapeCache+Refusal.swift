/// Data that fits no tape is not compiled again in every run to find that out: the reason is kept
/// where the tape would lie.
extension TapeCache {
    private static let refusalSuffix = ".refusal"

    /// Why the data of `path` has no tape; nil when that is not known.
    public func refusal(_ path: String) -> String? {
        guard let file = try? InputFile(path: path + Self.refusalSuffix), file.size < 4096,
            let bytes = try? file.bytes(at: 0, count: Int(file.size))
        else { return nil }
        // The checksum goes first: a damaged note is none.
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 3, lines[0] == Self.seal(String(lines[1])) else { return nil }
        return String(lines[1])
    }

    public func note(refusal: String, _ path: String) {
        let line = refusal.replacing("\n", with: " ")
        guard let file = try? OutputFile(path: path + Self.refusalSuffix) else { return }
        try? file.append(Array("\(Self.seal(line))\n\(line)\n".utf8))
        try? file.commit()
    }

    private static func seal(_ text: String) -> String {
        let sum = Array(text.utf8).withUnsafeBytes { crc32(0, $0) }
        return String(sum, radix: 16)
    }
}
