import Testing

@testable import HBTBinance

@Suite struct JSONWriterTests {
    private func written(_ text: String) -> String {
        var out = JSONWriter(capacity: 1)
        out.string(text)
        return out.text
    }

    @Test func stringsAreEscapedWhereTheyMustBe() throws {
        #expect(written("") == #""""#)
        #expect(written("hbt-1-2") == #""hbt-1-2""#)
        #expect(written("say \"x\" \\ now") == #""say \"x\" \\ now""#)
        #expect(written("a\u{1F}b\u{0A}") == #""a\u001fb\u000a""#)
        #expect(written("Größe €") == "\"Größe €\"")
        // The byte that needs it at every place of a word.
        for place in 0..<20 {
            let text = String(repeating: "x", count: place) + "\"" + String(repeating: "y", count: 20 - place)
            #expect(try JSONValue.parse(Array(written(text).utf8)) == .string(text))
        }
    }

    @Test func numbersAreWrittenDigitByDigit() {
        func text(_ mantissa: Int64, _ digits: Int) -> String { WireDecimal(mantissa: mantissa, digits: digits).description }
        #expect(text(0, 0) == "0" && text(0, 2) == "0.00" && text(-5, 1) == "-0.5" && text(10, 3) == "0.010")
        #expect(text(.min, 18) == "-9.223372036854775808" && text(.max, 0) == "9223372036854775807")
        var value: Int64 = 1
        for count in 1...18 {
            #expect(text(value, 0) == "\(value)" && text(value - 1, 0) == "\(value - 1)" && text(value * 9, 0).utf8.count == count)
            value *= 10
        }
    }

    @Test func memoryGrowsAndIsUsedAgain() {
        var out = JSONWriter(capacity: 1)
        for round in 0..<3 {
            out.removeAll()
            out.beginArray()
            for i in 0..<500 { out.integer(Int64(i)) }
            out.endArray()
            #expect(out.text == "[" + (0..<500).map { "\($0)" }.joined(separator: ",") + "]", "round \(round)")
            #expect(out.withBytes { Array($0) } == out.bytes)
        }
    }
}
