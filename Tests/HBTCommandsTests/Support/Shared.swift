import Foundation

/// Reference data beside the checkout; not part of the repository.
enum Shared {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let folder = root.deletingLastPathComponent().appendingPathComponent("shared").path

    /// Absent on other machines: tests that need it are skipped there, and say so.
    static let isHere: Bool = {
        let isHere = FileManager.default.fileExists(atPath: folder + "/data/npz")
        if !isHere { print("skipped: tests on reference data; \(folder) is not there") }
        return isHere
    }()

    static func file(_ path: String) -> String { "\(folder)/\(path)" }
}
