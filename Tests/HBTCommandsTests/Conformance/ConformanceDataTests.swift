import Foundation
import Testing

@testable import HBTCommands

@Suite struct ConformanceDataTests {
    @Test func findsAFileByWhatIsInIt() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("conformance-\(UUID().uuidString)")
        let deep = folder.appendingPathComponent("a/b")
        try FileManager.default.createDirectory(at: deep, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("wrong".utf8).write(to: folder.appendingPathComponent("right-name.gz"))
        try Data("abc".utf8).write(to: deep.appendingPathComponent("other-name.gz"))
        let data = ConformanceData(directory: folder.path)
        // FIPS 180-2, appendix B.1.
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(data.file(sha256: digest, name: "right-name.gz") == deep.appendingPathComponent("other-name.gz").path)
        #expect(data.file(sha256: String(repeating: "0", count: 64), name: "right-name.gz") == nil)
        #expect(ConformanceData(directory: nil).file(sha256: digest, name: "x") == nil)
    }
}
