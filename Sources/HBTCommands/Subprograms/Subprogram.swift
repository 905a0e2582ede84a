#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A verb that is a program of its own, as `git` has them: `hbt exchange` starts `hbt-exchange`.
///
/// What opens sockets is built apart (the package in `Networking/`), so that a backtest does not wait for it.
struct Subprogram {
    /// The verb; the program is named `hbt-` and this.
    let verb: String

    /// Where the program may be: beside this one, then where its own package builds it when this one runs
    /// from the checkout's `.build/<configuration>`.
    static func places(verb: String, executable: String) -> [String] {
        let folder = parent(executable)
        let checkout = parent(parent(parent(folder)))
        let names = ["release", "debug"].map { "\(checkout)/Networking/.build/\($0)/hbt-\(verb)" }
        return ["\(folder)/hbt-\(verb)"] + names
    }

    /// Becomes the program; returns only by throwing.
    func start(_ arguments: [String], executable: String) throws -> Never {
        let places = Self.places(verb: verb, executable: executable)
        guard let path = places.first(where: { access($0, X_OK) == 0 }) else {
            throw CommandError(
                "hbt-\(verb) is not built (looked for \(places[0])); run make \(verb), or swift build -c release --package-path Networking")
        }
        var words: [UnsafeMutablePointer<CChar>?] = []
        for word in [path] + arguments { words.append(strdup(word)) }
        words.append(nil)
        execv(path, words)
        throw CommandError("\(path) cannot be started: \(String(cString: strerror(errno)))")
    }

    private static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// This program's file.
    static var ownExecutable: String {
        #if os(Linux)
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { raw in
            raw.bindMemory(to: CChar.self).baseAddress.map { readlink("/proc/self/exe", $0, raw.count) } ?? -1
        }
        if count > 0 { return String(decoding: buffer[..<count], as: UTF8.self) }
        #endif
        return CommandLine.arguments.first ?? "hbt"
    }
}
