import Foundation
import Testing

@testable import HBTReport

@Suite struct TextTests {
    @Test func numbersReadWell() {
        #expect(NumberText.readable(1_860_430.34) == "1,860,430")
        #expect(NumberText.readable(-103.335) == "-103.33")
        #expect(NumberText.readable(0.000_000_32) == "3.20e-7")
        #expect(NumberText.readable(.nan) == "–")
        #expect(NumberText.readable(-.infinity) == "-∞")
        #expect(NumberText.fixed(-0.0001, 2) == "0.00")
        #expect(NumberText.fixed(999_999.999, 1) == "1,000,000.0")
        #expect(NumberText.percent(0.00144) == "0.144 %")
        #expect(NumberText.duration(ns: 1_234) == "1.23 µs")
        #expect(NumberText.duration(ns: 3_725e9) == "1 h 2 min")
        #expect(NumberText.duration(ns: 59.9996e9) == "60 s")
    }

    @Test(arguments: [0.1, 60_000.05, -3.25e-7, 1e20, 0, 123_456_789]) func compactNumbersReadBack(value: Double) throws {
        let text = NumberText.compact(value, decimals: 9)
        #expect(abs(try #require(Double(text)) - value) <= 0.5e-9 + abs(value) * 1e-15)
        #expect(NumberText.compact(.nan, decimals: 2) == "null")
    }

    @Test func tablesAlign() {
        var table = TextTable(header: ["", "a"], alignments: [.left, .right])
        table.add(["long name", "1"])
        table.add(["x", "12,345"])
        #expect(table.text == """
                            a
            ─────────────────
            long name       1
            x          12,345
            """)
    }

    @Test func jsonKeepsOrderAndEveryBit() throws {
        let text = JSONText.object([
            ("z", .number(0.1 + 0.2)), ("a", .array([.number(.nan), .number(-.infinity), .null, .integer(.min)])),
            ("q\"</script>", .text("line\nbreak \u{1}")), ("none", .object([])),
        ]).document
        #expect(text == """
            {
              "z": 0.30000000000000004,
              "a": [
                "nan",
                "-inf",
                null,
                -9223372036854775808
              ],
              "q\\"\\u003c/script>": "line\\nbreak \\u0001",
              "none": {}
            }

            """)
        #expect(throws: Never.self) { try JSONTree.parse(Data(text.utf8)) }
    }

    @Test func axisTicksAreRoundAndInside() {
        #expect(AxisTicks.linear(from: -0.9, to: 2.1, most: 5) == [0, 1, 2])
        #expect(AxisTicks.linear(from: 0, to: 100, most: 4) == [0, 50, 100])
        #expect(AxisTicks.linear(from: 3, to: 3, most: 4) == [3])
        #expect(AxisTicks.linear(from: .nan, to: 3, most: 4).isEmpty)
    }
}
