import HBTTypes
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension SettingsFile {
    /// A settings file is written by hand; anything larger is the wrong file.
    static let largestBytes = 4 << 20

    static func bytes(ofFile path: String) throws(SettingsError) -> [UInt8] {
        func refusal(_ message: String) -> SettingsError {
            SettingsError(SourceLocation(file: OneLine.text(path), line: 0), message)
        }
        if path.isEmpty { throw refusal("the path of the settings file is empty") }
        if path.utf8.contains(0) { throw refusal("the path contains the character U+0000") }
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw refusal(errno == ENOENT ? "there is no such file" : "cannot be read: \(String(cString: strerror(errno)))")
        }
        if status.st_mode & S_IFMT == S_IFDIR { throw refusal("this is a folder; name the settings file in it") }
        guard status.st_mode & S_IFMT == S_IFREG || status.st_mode & S_IFMT == S_IFIFO else {
            throw refusal("this is not a file")
        }
        guard let stream = fopen(path, "rb") else {
            throw refusal("cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, stream)
            if count == 0 { break }
            bytes.append(contentsOf: chunk[..<count])
            if bytes.count > largestBytes { throw refusal("larger than 4 MiB: this is not a settings file") }
        }
        if ferror(stream) != 0 { throw refusal("cannot be read to its end") }
        return bytes
    }

    /// The text of `bytes`, refused with the line of the first byte that cannot be one of a settings file.
    static func validText(_ bytes: [UInt8], file: String) throws(SettingsError) -> String {
        func refusal(at offset: Int, _ message: String) -> SettingsError {
            let line = 1 + bytes[..<offset].count { $0 == UInt8(ascii: "\n") }
            return SettingsError(SourceLocation(file: file, line: line), message)
        }
        if bytes.isEmpty {
            throw SettingsError(SourceLocation(file: file, line: 0), "the file is empty; see docs/settings.md")
        }
        // The parser takes a C string and would stop at a NUL without a word.
        if let nul = bytes.firstIndex(of: 0) { throw refusal(at: nul, "a NUL byte; settings files are UTF-8 text") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw refusal(at: firstInvalid(bytes), "not UTF-8 text; save the file as UTF-8")
        }
        return text
    }

    /// Offset of the first byte at which `bytes` stops being UTF-8.
    private static func firstInvalid(_ bytes: [UInt8]) -> Int {
        var decoder = Unicode.UTF8.ForwardParser()
        var source = bytes.makeIterator()
        var offset = 0
        while case .valid(let unit) = decoder.parseScalar(from: &source) { offset += unit.count }
        return min(offset, bytes.count)
    }
}
