#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Any error as the one line after `hbt: `.
enum ErrorLine {
    static func text(_ error: any Error) -> String {
        let text = String(describing: error)
        let line = text.split(whereSeparator: \.isNewline).map { line in
            String(line.drop { $0 == " " || $0 == "\t" })
        }.filter { !$0.isEmpty }.joined(separator: "; ")
        return isOutOfSpace(line) ? line + "; free some space, or write to another place" : line
    }

    /// Ends with the system's words for a full disk, a used-up quota or a limit on the size of files.
    private static func isOutOfSpace(_ line: String) -> Bool {
        [ENOSPC, EDQUOT, EFBIG].contains { line.hasSuffix(String(cString: strerror($0))) }
    }
}
