import Foundation

/// Recorded payloads of the venue, kept outside the repository; tests that need them are skipped without.
enum Recorded {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/data")

    static let isThere: Bool = {
        let there = FileManager.default.fileExists(atPath: folder.path)
        if !there { print("skipped: no recorded payloads at \(folder.path)") }
        return there
    }()

    /// Lines of a gzip text file.
    static func lines(_ path: String) throws -> [Substring] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", folder.appendingPathComponent(path).path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).split(separator: "\n")
    }

    /// Collector lines without their receipt times.
    static func messages(_ path: String) throws -> [String] {
        try lines(path).compactMap { line in line.firstIndex(of: " ").map { String(line[line.index(after: $0)...]) } }
    }

    static func payload(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent("binance-payloads/\(path)")))
    }

    /// Every JSON payload of a folder, by name.
    static func payloads(_ folderName: String) throws -> [(name: String, bytes: [UInt8])] {
        let place = folder.appendingPathComponent("binance-payloads/\(folderName)")
        return try FileManager.default.contentsOfDirectory(atPath: place.path).filter { $0.hasSuffix(".json") }.sorted().map {
            ($0, Array(try Data(contentsOf: place.appendingPathComponent($0))))
        }
    }
}
