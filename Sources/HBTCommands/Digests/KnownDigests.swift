import Foundation
import HBTDigest
import HBTMarketData

/// Digests of files that were read before, so that a run on a cached tape does not read gigabytes only
/// to name them. A file counts as the same while path, length, times and inode are; `hbt verify`
/// reads every byte.
struct KnownDigests: Sendable {
    private static let suffix = ".sha256"
    let cache: TapeCache

    func of(_ path: String, isCancelled: () -> Bool) throws(CommandError) -> FileDigest {
        guard let identity = TapeCache.fileIdentity([path]) else { return try FileDigest.of(path, isCancelled: isCancelled) }
        let note = FileTree.join(cache.folder, identity + Self.suffix)
        if let known = Self.read(note) { return known }
        let digest = try FileDigest.of(path, isCancelled: isCancelled)
        // A file that changed meanwhile has a digest of nothing.
        guard !isCancelled(), TapeCache.fileIdentity([path]) == identity else { return digest }
        cache.makeFolder()
        let partial = FileTree.join(cache.folder, ".\(identity).partial-\(ProcessInfo.processInfo.processIdentifier)")
        FileTree.remove(partial)
        if (try? WholeFile.write(Self.text(digest), to: partial)) != nil { try? FileTree.rename(partial, to: note) }
        return digest
    }

    /// `LENGTH DIGEST CHECK`: a damaged note is none.
    private static func text(_ digest: FileDigest) -> String {
        let fact = "\(digest.bytes) \(digest.sha256)"
        return "\(fact) \(Array(fact.utf8).withUnsafeBytes { SHA256.hex($0) })\n"
    }

    private static func read(_ path: String) -> FileDigest? {
        guard FileTree.kind(path) == .file, let bytes = try? WholeFile.read(path) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\n" })
        guard words.count == 3, let length = Int64(words[0]) else { return nil }
        let digest = FileDigest(bytes: length, sha256: String(words[1]))
        return Self.text(digest) == text ? digest : nil
    }
}
