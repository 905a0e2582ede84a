#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A CSV written row by row in flat memory.
///
/// Numbers are the shortest text that reads back the same; an unknown number is `NaN`.
final class CSVFile {
    private static let bufferBytes = 1 << 17

    private let path: String
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    private var isRowStart = true

    init(path: String, header: [String]) throws(CommandError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw CommandError("\(path): cannot be written: \(FileTree.lastError)") }
        buffer.reserveCapacity(Self.bufferBytes + 1024)
        for name in header { add(name) }
        try endRow()
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Text without commas, quotes and line ends, or such as `field(_:)` has made.
    func add(_ text: String) {
        separate()
        buffer.append(contentsOf: text.utf8)
    }

    func add(_ text: StaticString) {
        separate()
        text.withUTF8Buffer { buffer.append(contentsOf: $0) }
    }

    func add(_ number: some FixedWidthInteger) { add(String(number)) }

    func add(_ number: Double) {
        if number.isNaN { add("NaN" as StaticString) } else { add(number.description) }
    }

    func add(_ flag: Bool) { add(flag ? "true" as StaticString : "false") }

    private func separate() {
        if !isRowStart { buffer.append(UInt8(ascii: ",")) }
        isRowStart = false
    }

    func endRow() throws(CommandError) {
        buffer.append(UInt8(ascii: "\n"))
        isRowStart = true
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    func finish() throws(CommandError) {
        try flush()
        let closing = descriptor
        descriptor = -1
        guard close(closing) == 0 else { throw CommandError("\(path): cannot be written: \(FileTree.lastError)") }
    }

    private func flush() throws(CommandError) {
        try WholeFile.write(buffer, to: descriptor, path: path)
        buffer.removeAll(keepingCapacity: true)
    }

    /// `text` as one field, quoted when it must be (RFC 4180).
    static func field(_ text: String) -> String {
        guard text.utf8.contains(where: { [UInt8(ascii: ","), UInt8(ascii: "\""), 10, 13].contains($0) }) else { return text }
        var out = "\""
        for character in text.unicodeScalars {
            if character == "\"" { out += "\"" }
            out.unicodeScalars.append(character)
        }
        return out + "\""
    }
}
