import Testing

@testable import HBTCommands

@Suite struct VectorScannerTests {
    private func parse(_ text: String) throws -> VectorValue { try VectorScanner.parse(Array(text.utf8)) }

    @Test func integersKeepAllTheirBits() throws {
        #expect(try parse("9223372036854775807").asInt64 == .max)
        #expect(try parse("-9223372036854775808").asInt64 == .min)
        #expect(try parse("18446744073709551615").asUInt64 == .max)
        #expect(try parse("18446744073709551615").asInt64 == nil)
        #expect(try parse("9007199254740993").asInt64 == 9_007_199_254_740_993)
    }

    @Test func doublesAreTheNearest() throws {
        #expect(try parse("0.1").asDouble == 0.1)
        #expect(try parse("17.724169321802457").asDouble == 17.724169321802457)
        #expect(try parse("-8.881784197001252e-16").asDouble == -8.881784197001252e-16)
        #expect(try parse("\"nan\"").asDouble?.isNaN == true)
        #expect(try parse("NaN").asDouble?.isNaN == true)
        #expect(try parse("-Infinity").asDouble == -.infinity)
        #expect(try parse("\"-inf\"").asDouble == -.infinity)
    }

    @Test func stringsAreUnescaped() throws {
        guard case .string(let text) = try parse(#""a\"b\\c\n\u00e9\ud83d\ude00""#) else {
            Issue.record("not a string")
            return
        }
        #expect(text == "a\"b\\c\né😀")
    }

    @Test(arguments: ["{", "[1,", "[1 2]", "{\"a\" 1}", "\"abc", "1.2.3", "-", "tru", "\"\\u12\"", "{1:2}"])
    func brokenTextThrows(text: String) {
        #expect(throws: VectorFault.self) { try parse(text) }
    }

    @Test func deepNestingThrowsInsteadOfExhaustingTheStack() {
        #expect(throws: VectorFault.self) { try parse(String(repeating: "[", count: 100_000)) }
    }
}
