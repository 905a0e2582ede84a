#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A folder of its own that is gone when the test is.
final class ScratchFolder {
    let path: String

    init() {
        var template = Array("/tmp/hbt-live-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { preconditionFailure("no scratch folder: \(String(cString: strerror(errno)))") }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    var files: [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    func bytes(_ name: String) -> [UInt8] {
        guard let file = fopen("\(path)/\(name)", "rb") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = [], block = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&block, 1, block.count, file), count > 0 { bytes += block[..<count] }
        return bytes
    }

    func write(_ bytes: [UInt8], _ name: String) {
        guard let file = fopen("\(path)/\(name)", "wb") else { return }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    deinit {
        for name in files { unlink("\(path)/\(name)") }
        rmdir(path)
    }
}
