import Foundation

/// Where the vectors and the shared data stand, seen from this file.
enum VectorFolder {
    static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    static let reference = tests.appendingPathComponent("Vectors/reference")
    static let fuzz = tests.appendingPathComponent("Vectors/fuzz")

    /// `../shared/data` beside the package; nil (with a printed line) when it is not there.
    static let sharedData: String? = {
        let root = tests.deletingLastPathComponent().deletingLastPathComponent()
        let path = root.deletingLastPathComponent().appendingPathComponent("shared/data").path
        if FileManager.default.fileExists(atPath: path) { return path }
        print("skipped: vectors on real data need ../shared/data, which is absent")
        return nil
    }()

    static func files(_ folder: URL) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().map { folder.appendingPathComponent($0).path }
    }
}
