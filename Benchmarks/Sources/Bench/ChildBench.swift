import BenchKit
import Foundation

/// Benchmarks that are programs of their own, run when they have been built beside this one.
enum ChildBench {
    struct Line {
        let program: String
        let text: String
    }

    static let programs = ["factor-bench"]

    /// Everything they print.
    static func run() throws -> [Line] {
        let folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        var lines: [Line] = []
        for program in programs {
            let url = folder.appendingPathComponent(program)
            guard FileManager.default.isExecutableFile(atPath: url.path) else { continue }
            let process = Process(), pipe = Pipe()
            process.executableURL = url
            process.standardOutput = pipe
            try process.run()
            let output = pipe.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw BenchError("\(program) ended with status \(process.terminationStatus)") }
            let text = String(decoding: output, as: UTF8.self)
            lines += text.split(separator: "\n", omittingEmptySubsequences: false).map { Line(program: program, text: String($0)) }
        }
        return lines
    }
}
