#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where a new package gets `hbt` from.
enum PackageOrigin: Equatable {
    /// An absolute path to a checkout.
    case path(String)
    /// A Git address, from this version on.
    case url(String)

    /// - Parameter text: a folder or an address; nil looks for the checkout this program was built in.
    static func find(_ text: String?) throws(CommandError) -> PackageOrigin {
        guard let text else {
            guard let path = checkout() else {
                throw CommandError("this program does not stand in a checkout of hbt; name one, or its Git address, with --hbt")
            }
            return .path(path)
        }
        guard !text.contains(where: { "\"\\".contains($0) }) else { throw CommandError("--hbt \(text): no quotes or backslashes, please") }
        if text.contains("://") || text.hasPrefix("git@") { return .url(text) }
        guard let path = absolute(text), isCheckout(path) else {
            throw CommandError("--hbt \(text): there is no package hbt; name its folder or its Git address")
        }
        return .path(path)
    }

    /// `…/.build/release/hbt` → `…`, when it is a checkout.
    private static func checkout() -> String? {
        guard var path = absolute("/proc/self/exe") ?? CommandLine.arguments.first.flatMap(absolute) else { return nil }
        while path != "/" {
            path = FileTree.split(path).folder
            if isCheckout(path) { return path }
        }
        return nil
    }

    private static func isCheckout(_ folder: String) -> Bool {
        FileTree.kind("\(folder)/Package.swift") == .file && FileTree.kind("\(folder)/Sources/HBTCommands") == .folder
    }

    private static func absolute(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// The line of `dependencies` in `Package.swift`.
    var dependency: String {
        switch self {
        case .path(let path): ".package(name: \"hbt\", path: \"\(path)\")"
        case .url(let url): ".package(url: \"\(url)\", from: \"\(HBTVersion.text)\")"
        }
    }

    /// What products name as their package.
    var identity: String {
        switch self {
        case .path: "hbt"
        case .url(let url):
            (url.split(separator: "/").last.map(String.init) ?? url).replacing(".git", with: "")
        }
    }
}
