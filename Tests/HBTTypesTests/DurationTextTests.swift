import HBTTypes
import Testing

@Suite struct DurationTextTests {
    @Test(arguments: [
        ("0ns", 0), ("1ns", 1), ("10000000ns", 10_000_000), ("3us", 3_000), ("3µs", 3_000), ("100ms", 100_000_000),
        ("1s", 1_000_000_000), ("1.5s", 1_500_000_000), ("0.1ms", 100_000), ("1 s", 1_000_000_000), ("2m", 120_000_000_000),
        ("2min", 120_000_000_000), ("1h", 3_600_000_000_000), ("1d", 86_400_000_000_000), ("-40ns", -40), ("+1s", 1_000_000_000),
        ("-9223372036854775808ns", Int64.min), ("9223372036854775807ns", Int64.max), ("0.4ns", 0), ("0.6ns", 1),
    ])
    func reads(text: String, ns: Int64) {
        #expect(DurationText.parseNs(text) == ns)
    }

    @Test(arguments: [
        "", "s", "1", "1.s.s", "1 sec", "1S", "ms", "--1s", "1e3s", "nans", "infs", "9223372036854775808ns", "106752d", "1e400s", "1s ", " 1s",
        "99999999999999999999h",
    ])
    func refuses(text: String) {
        #expect(DurationText.parseNs(text) == nil)
    }

    @Test(arguments: [
        (0, "0ns"), (1, "1ns"), (999, "999ns"), (1_000, "1us"), (1_500, "1500ns"), (100_000_000, "100ms"), (90_000_000_000, "90s"),
        (120_000_000_000, "2m"), (86_400_000_000_000, "24h"), (-3_000, "-3us"), (Int64.min, "-9223372036854775808ns"),
    ])
    func writesTheShortestExactText(ns: Int64, text: String) {
        #expect(DurationText.text(ns: ns) == text)
    }

    @Test func whatIsWrittenReadsBack() {
        var ns: Int64 = 1
        while ns < Int64.max / 7 {
            for value in [ns, -ns, ns + 1, ns * 3] { #expect(DurationText.parseNs(DurationText.text(ns: value)) == value) }
            ns *= 5
        }
    }
}
