import Testing

@testable import HBTCommands

@Suite struct FileComparisonTests {
    private func difference(_ a: String, _ b: String, name: String = "x.csv") throws -> String? {
        let one = try Scratch(), two = try Scratch()
        try one.write(a, to: name)
        try two.write(b, to: name)
        return try FileComparison.firstDifference(one.path, two.path, names: [name])?.place
    }

    @Test func equalFilesDoNotDiffer() throws {
        #expect(try difference("a,b\n1,2\n", "a,b\n1,2\n") == nil)
        #expect(try difference("", "") == nil)
    }

    @Test func textIsToldByLine() throws {
        #expect(try difference("a,b\n1,2\n", "a,b\n1,3\n") == "line 2: \"1,2\" and \"1,3\"")
        #expect(try difference("a\n", "a\nb\n") == "line 2: the end of the file and \"b\"")
        #expect(try difference("a\nbc", "a\nb") == "line 2: \"bc\" and \"b\" and the end of the file")
    }

    @Test func binaryIsToldByByte() throws {
        #expect(try difference("abc", "abd", name: "x.npz") == "byte 2: 0x63 and 0x64")
        #expect(try difference("abc", "ab", name: "x.npz") == "byte 2: 0x63 and the end of the file")
    }

    @Test func aFileThatOneFolderLacksIsADifference() throws {
        let one = try Scratch(), two = try Scratch()
        try one.write("a", to: "x")
        #expect(try FileComparison.firstDifference(one.path, two.path, names: ["x"])?.place == "there is a file, and none")
        #expect(try FileComparison.firstDifference(two.path, one.path, names: ["x"])?.place == "there is none, and a file")
        #expect(try FileComparison.firstDifference(one.path, two.path, names: ["y"]) == nil)
    }

    /// Across the reader's buffer of 64 KiB.
    @Test func longFilesAreComparedToTheirEnd() throws {
        let long = String(repeating: "0123456789\n", count: 20_000)
        #expect(try difference(long + "a", long + "b") == "line 20001: \"a\" and \"b\"")
    }
}
