#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Standard output and standard error, or what stands in for them in tests.
final class Console: @unchecked Sendable {
    private let write: (Int32, String) -> Void
    /// True when standard error is a terminal: someone watches progress.
    let isWatched: Bool

    /// - Parameter write: takes 1 for standard output, 2 for standard error, and the bytes as text.
    init(isWatched: Bool = false, write: @escaping @Sendable (Int32, String) -> Void) {
        self.isWatched = isWatched
        self.write = write
    }

    static let standard = Console(isWatched: isatty(2) == 1) { descriptor, text in
        var text = text
        // A reader that went away ends no run.
        _ = text.withUTF8 { WholeFile.writeAll($0, to: descriptor) }
    }

    /// A result, to standard output.
    func out(_ text: String) { write(1, text.hasSuffix("\n") ? text : text + "\n") }
    /// A message, to standard error.
    func note(_ text: String) { write(2, "hbt: \(text)\n") }
    /// The reason for an exit status above 0, to standard error.
    func error(_ text: String) { write(2, "hbt: \(text)\n") }
    /// Redraws the line that the cursor is on, on standard error.
    func redraw(_ text: String) { write(2, "\r\u{1B}[K\(text)") }
}
