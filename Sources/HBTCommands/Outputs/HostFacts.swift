import Foundation
import HBTEngine
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// `host.json`: where and how fast; the only file that may differ between equal runs.
struct HostFacts: Codable {
    struct Seconds: Codable {
        /// Reading, inflating and converting the data, beside the replay.
        var read: Double
        /// Finding the data's tapes, and compiling them where there were none.
        var tape: Double
        /// Strategy and engine, waiting for data included.
        var replay: Double
        /// Statistics, report and writing.
        var report: Double
        /// From the start of the process to the finished folder.
        var total: Double
    }

    /// How the data was replayed.
    struct Replay: Codable {
        var mode: String
        /// `cached`, `made` or `none`.
        var tape: String
        /// Why rows were replayed although a tape was wanted.
        var reason: String?

        init(_ facts: ReplayFacts, mode: ReplayMode) {
            self.mode = mode.rawValue
            tape = mode == .rows ? "none" : facts.isMade ? "made" : "cached"
            reason = facts.rowsReason
        }
    }

    var hbtVersion = HBTVersion.text
    var build = Self.buildKind
    var machine: String
    var system: String
    var swift = Self.swiftVersion
    var processors: Int
    var peakMemoryBytes: Int64
    var seconds: Seconds
    var replay: Replay

    enum CodingKeys: String, CodingKey {
        case build, machine, system, swift, processors, seconds, replay
        case hbtVersion = "hbt_version"
        case peakMemoryBytes = "peak_memory_bytes"
    }

    init(seconds: Seconds, replay: Replay) {
        self.seconds = seconds
        self.replay = replay
        var name = utsname()
        uname(&name)
        machine = Self.text(name.machine)
        system = "\(Self.text(name.sysname)) \(Self.text(name.release))"
        processors = ProcessInfo.processInfo.activeProcessorCount
        peakMemoryBytes = Self.peakMemory
    }

    private static func text<T>(_ characters: T) -> String {
        withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static var buildKind: String {
        #if DEBUG
        "debug"
        #else
        "release"
        #endif
    }

    /// The language version that the compiler reports to code.
    private static var swiftVersion: String {
        #if compiler(>=6.4)
        "6.4 or newer"
        #elseif compiler(>=6.3)
        "6.3"
        #else
        "6.2"
        #endif
    }

    /// The largest resident size so far. `VmHWM` where there is one: `ru_maxrss` also counts the
    /// process that started ours.
    private static var peakMemory: Int64 {
        if let status = try? WholeFile.read("/proc/self/status") {
            for line in String(decoding: status, as: UTF8.self).split(separator: "\n") where line.hasPrefix("VmHWM:") {
                let kilobytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int64($0) }
                if let kilobytes { return kilobytes * 1024 }
            }
        }
        var usage = rusage()
        // 0 is RUSAGE_SELF; its name has another type on each system.
        getrusage(0, &usage)
        #if canImport(Darwin)
        return Int64(usage.ru_maxrss)
        #else
        return Int64(usage.ru_maxrss) * 1024
        #endif
    }
}
