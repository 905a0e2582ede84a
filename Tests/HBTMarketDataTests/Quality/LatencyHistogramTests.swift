import Testing

@testable import HBTMarketData

/// Twin: the sorted values.
@Test(arguments: [1, 2, 3] as [UInt64])
func quantilesAreWithinTheStatedError(seed: UInt64) {
    var random = FormatRandom(seed: seed), histogram = LatencyHistogram(), values: [Int64] = []
    for _ in 0..<5000 {
        let size = Int64(1) << Int64.random(in: 0...50, using: &random)
        let value = Int64.random(in: -size...size, using: &random)
        values.append(value)
        histogram.add(value)
    }
    values.sort()
    #expect(histogram.minimum == values.first && histogram.maximum == values.last)
    for q in [0.001, 0.01, 0.25, 0.5, 0.9, 0.99, 0.9999, 1] {
        let exact = Double(values[max(0, Int((q * 5000).rounded(.up)) - 1)])
        let found = Double(histogram.quantile(q) ?? 0)
        #expect(abs(found - exact) <= abs(exact) * LatencyHistogram.relativeError, "q \(q): \(found), exactly \(exact)")
    }
}

@Test func extremesAreKept() {
    var histogram = LatencyHistogram()
    #expect(histogram.quantile(0.5) == nil)
    for value in [Int64.min, 0, .max] { histogram.add(value) }
    #expect(histogram.quantile(0.5) == 0)
    #expect(histogram.minimum == .min && histogram.maximum == .max)
}

@Test func timesAreCalendarTimes() {
    #expect(UTCText.text(ns: 0) == "1970-01-01T00:00:00.000000000Z")
    #expect(UTCText.text(ns: 1_709_210_096_789_012_345) == "2024-02-29T12:34:56.789012345Z")
    #expect(UTCText.text(ns: -1) == "1969-12-31T23:59:59.999999999Z")
    #expect(UTCText.text(ns: .max) == "2262-04-11T23:47:16.854775807Z")
    #expect(UTCText.text(ns: .min) == "1677-09-21T00:12:43.145224192Z")
}
