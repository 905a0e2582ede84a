import Testing

@testable import HBTCommands

@Suite struct CSVFileTests {
    @Test func numbersReadBackTheSame() throws {
        let scratch = try Scratch()
        let file = try CSVFile(path: scratch.file("x.csv"), header: ["a", "b"])
        let numbers = [0.1, -0.0, 1e-5, 61_800.100000000006, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
        for number in numbers {
            file.add(Int64.min)
            file.add(number)
            try file.endRow()
        }
        try file.finish()
        let lines = String(decoding: try scratch.bytes("x.csv"), as: UTF8.self).split(separator: "\n")
        #expect(lines.first == "a,b")
        let read = lines.dropFirst().map { $0.split(separator: ",") }
        #expect(read.map { Int64($0[0]) } == numbers.map { _ in Int64.min })
        #expect(read.map { Double($0[1])?.bitPattern } == numbers.map(\.bitPattern))
    }

    @Test func unknownNumbersAreNaN() throws {
        let scratch = try Scratch()
        let file = try CSVFile(path: scratch.file("x.csv"), header: ["a"])
        file.add(-Double.nan)
        try file.endRow()
        try file.finish()
        #expect(String(decoding: try scratch.bytes("x.csv"), as: UTF8.self) == "a\nNaN\n")
    }

    @Test func textIsQuotedWhenItMustBe() {
        #expect(CSVFile.field("BTC/USDT") == "BTC/USDT")
        #expect(CSVFile.field("a,b") == "\"a,b\"")
        #expect(CSVFile.field("a\"b\n") == "\"a\"\"b\n\"")
    }

    /// More than the buffer holds.
    @Test func longFilesAreComplete() throws {
        let scratch = try Scratch()
        let file = try CSVFile(path: scratch.file("x.csv"), header: ["a"])
        for i in 0..<50_000 {
            file.add(i)
            try file.endRow()
        }
        try file.finish()
        let expected = "a\n" + (0..<50_000).map { "\($0)\n" }.joined()
        #expect(String(decoding: try scratch.bytes("x.csv"), as: UTF8.self) == expected)
    }
}
