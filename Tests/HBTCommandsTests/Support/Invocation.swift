import Foundation
import HBTEngine

@testable import HBTCommands

/// What one call of `hbt` came to.
struct Invocation {
    var status: Int32
    var out: String
    var error: String

    /// Runs a verb in this process.
    ///
    /// - Parameter cache: where tapes are kept; a folder of this process by default, so that every verb
    ///   goes the way it goes for users, and no test sees another's home.
    static func run(
        _ arguments: [String], strategies: [any Strategy.Type] = [], interrupt: Interrupt = Interrupt(), cache: String? = Self.cache
    ) -> Invocation {
        let texts = Texts()
        let session = Session(
            strategies: StrategyRegistry(strategies, builtIn: BuiltInStrategies.all),
            console: Console { texts.add($1, to: $0); return true }, interrupt: interrupt, cacheFolder: cache)
        let status = HBTMain.run(arguments, session: session)
        return Invocation(status: status, out: texts.text(1), error: texts.text(2))
    }

    static let cache = FileManager.default.temporaryDirectory.path + "/hbt-tests-cache-\(ProcessInfo.processInfo.processIdentifier)"

    /// The product of this build, beside the tests; nil when only the tests were built.
    static var product: String? {
        let path = Bundle.main.bundlePath + "/hbt"
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }

    /// Starts the product through `sh`, so that limits can be set first.
    static func spawn(_ product: String, _ arguments: [String], setUp: String = ":", in folder: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "\(setUp); exec \"$0\" \"$@\"", product] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["XDG_CACHE_HOME": cache]) { $1 }
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardOutput = Pipe()
        process.standardError = Pipe()
        try process.run()
        return process
    }

    static func end(_ process: Process) -> Invocation {
        func text(_ pipe: Any?) -> String {
            guard let pipe = pipe as? Pipe else { return "" }
            return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        }
        let out = text(process.standardOutput), error = text(process.standardError)
        process.waitUntilExit()
        return Invocation(status: process.terminationStatus, out: out, error: error)
    }

    private final class Texts: @unchecked Sendable {
        private let lock = NSLock()
        private var texts = ["", "", ""]
        func add(_ text: String, to descriptor: Int32) { lock.withLock { texts[Int(descriptor)] += text } }
        func text(_ descriptor: Int) -> String { lock.withLock { texts[descriptor] } }
    }
}
