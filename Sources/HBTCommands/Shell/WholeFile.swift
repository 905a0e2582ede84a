#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Small files read and written in one go.
enum WholeFile {
    /// Writes all bytes to an open file.
    static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(CommandError) {
        guard bytes.withUnsafeBufferPointer({ writeAll($0, to: descriptor) }) else {
            throw CommandError("\(path): cannot be written: \(FileTree.lastError)")
        }
    }

    /// False when not all could be written; `errno` says why.
    static func writeAll(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32) -> Bool {
        var done = 0
        while done < bytes.count, let base = bytes.baseAddress {
            #if canImport(Glibc)
            let count = Glibc.write(descriptor, base + done, bytes.count - done)
            #elseif canImport(Musl)
            let count = Musl.write(descriptor, base + done, bytes.count - done)
            #else
            let count = Darwin.write(descriptor, base + done, bytes.count - done)
            #endif
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            done += count
        }
        return true
    }

    /// A new file with this text; it must not exist yet.
    static func write(_ text: String, to path: String) throws(CommandError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw CommandError("\(path): cannot be written: \(FileTree.lastError)") }
        do throws(CommandError) {
            try write(Array(text.utf8), to: descriptor, path: path)
        } catch {
            close(descriptor)
            throw error
        }
        guard close(descriptor) == 0 else { throw CommandError("\(path): cannot be written: \(FileTree.lastError)") }
    }

    static func read(_ path: String) throws(CommandError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandError("\(path): cannot be opened: \(FileTree.lastError)") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = block.withUnsafeMutableBytes { buffer in
                #if canImport(Glibc)
                Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                #elseif canImport(Musl)
                Musl.read(descriptor, buffer.baseAddress, buffer.count)
                #else
                Darwin.read(descriptor, buffer.baseAddress, buffer.count)
                #endif
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw CommandError("\(path): cannot be read: \(FileTree.lastError)")
            }
            if count == 0 { return bytes }
            bytes += block[..<count]
        }
    }
}
