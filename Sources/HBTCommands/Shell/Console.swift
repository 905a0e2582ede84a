import Foundation
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Standard output and standard error, or what stands in for them in tests.
final class Console: @unchecked Sendable {
    private let write: (Int32, String) -> Bool
    private let lock = NSLock()
    private var lost: String?
    /// True when standard error is a terminal: someone watches progress.
    let isWatched: Bool

    /// - Parameter write: takes 1 for standard output, 2 for standard error, and the bytes as text.
    ///   False says that not all could be written, with the reason in `errno`.
    init(isWatched: Bool = false, write: @escaping @Sendable (Int32, String) -> Bool) {
        self.isWatched = isWatched
        self.write = write
    }

    static let standard = Console(isWatched: isatty(2) == 1) { descriptor, text in
        var text = text
        return text.withUTF8 { WholeFile.writeAll($0, to: descriptor) }
    }

    /// A result, to standard output.
    func out(_ text: String) {
        guard !write(1, text.hasSuffix("\n") ? text : text + "\n") else { return }
        // A reader that went away has seen what it wanted.
        guard errno != EPIPE else { return }
        let why = FileTree.lastError
        lock.withLock { lost = lost ?? why }
    }
    /// A message, to standard error.
    func note(_ text: String) { _ = write(2, "hbt: \(text)\n") }
    /// The reason for an exit status above 0, to standard error.
    func error(_ text: String) { _ = write(2, "hbt: \(text)\n") }
    /// Redraws the line that the cursor is on, on standard error.
    func redraw(_ text: String) { _ = write(2, "\r\u{1B}[K\(text)") }

    /// - Throws: when a result did not reach standard output: whoever reads it has less than there is.
    func checkOutput() throws(CommandError) {
        if let why = lock.withLock({ lost }) { throw CommandError("standard output: cannot be written: \(why)") }
    }
}
