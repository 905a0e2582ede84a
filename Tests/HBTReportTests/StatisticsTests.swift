import Foundation
import HBTTypes
import Testing

@testable import HBTReport

@Suite struct StatisticsTests {
    let second: Int64 = 1_000_000_000

    func summary(_ rows: [RecordRow], _ settings: StatisticsSettings) throws -> [SummaryRow] {
        var builder = StatisticsBuilder(settings: settings)
        for row in rows { try builder.add(row) }
        return builder.finish().summary
    }

    @Test func noRecordsMakeNoSummary() throws {
        #expect(try summary([], StatisticsSettings(contract: .linear(size: 1))).isEmpty)
    }

    @Test func whatTooFewSamplesCannotTellIsNotANumber() throws {
        let settings = StatisticsSettings(contract: .linear(size: 1), resampleNs: nil, metrics: Metric.allCases)
        let one = try #require(try summary([row(0)], settings).first)
        #expect(one["SR"]?.isNaN == true)
        #expect(one["Return"] == 0)
        #expect(one["DailyNumberOfTrades"]?.isNaN == true)
        #expect(one["MaxLeverage"]?.isNaN == true, "no book size, no leverage")
        let two = try #require(try summary([row(0), row(second, balance: 1)], settings).first)
        #expect(two["SR"]?.isNaN == true)
        #expect(two["Return"] == 1)
    }

    @Test func aSteadyGainHasAnInfiniteSharpeRatio() throws {
        let rows = (0..<5).map { row(Int64($0) * second, balance: Double($0) * 0.125) }
        let whole = try #require(try summary(rows, StatisticsSettings(contract: .linear(size: 1), resampleNs: nil)).last)
        #expect(whole["SR"] == .infinity)
        #expect(whole["MaxDrawdown"] == 0)
    }

    @Test func tradesBeforeTheFirstRowAreNotCounted() throws {
        let rows = [row(0, trades: 7, value: 700), row(second, trades: 9, value: 900)]
        let settings = StatisticsSettings(contract: .linear(size: 1), resampleNs: nil, metrics: [.numberOfTrades, .tradingValue])
        let whole = try #require(try summary(rows, settings).last)
        #expect(whole.values.map(\.value) == [2, 200])
    }

    @Test func windowsAreAlignedToTheEpochAndEmptyOnesAreLeftOut() throws {
        var builder = StatisticsBuilder(settings: StatisticsSettings(contract: .linear(size: 1)), keepSamples: true)
        for s: Int64 in [-1, 3, 12, 19, 47] { try builder.add(row(s * second, price: Double(s))) }
        let samples = builder.finish().samples
        #expect(samples.map(\.timestampNs) == [-10, 0, 10, 40].map { $0 * second })
        #expect(samples.map(\.price) == [-1, 3, 19, 47], "the last row of a window counts")
    }

    @Test func partitionsStartAfresh() throws {
        let hour = 3600 * second
        // Falls 4 in the first hour, rises in the second; the fall between them belongs to neither.
        let equity: [(Int64, Double)] = [(0, 10), (60, 6), (120, 7), (3600, 1), (3660, 2), (3720, 3)]
        let rows = equity.map { row($0.0 * second, balance: $0.1) }
        let parts = try summary(
            rows, StatisticsSettings(contract: .linear(size: 1), resampleNs: nil, partition: .hourly, metrics: [.ret, .maxDrawdown]))
        #expect(parts.map(\.startNs) == [0, hour, 0])
        #expect(parts.map { $0.values.map(\.value) } == [[-3, 4], [2, 0], [-7, 9]])
    }

    @Test func aRowThatGoesBackInTimeIsRefused() throws {
        var builder = StatisticsBuilder(settings: StatisticsSettings(contract: .linear(size: 1)))
        try builder.add(row(5))
        let error = #expect(throws: ReportError.self) { try builder.add(row(4)) }
        #expect(error == .timeWentBackwards(row: 1, previousNs: 5, currentNs: 4))
        #expect(error?.description.contains("row 1") == true)
        try builder.add(row(5))
    }

    @Test func anInterimResultDoesNotDisturbTheRest() throws {
        let settings = StatisticsSettings(contract: .linear(size: 1), partition: .hourly)
        var random = SeededRandom(state: 11)
        var asked = StatisticsBuilder(settings: settings), straight = asked
        for i in 0..<500 {
            let row = row(Int64(i) * 37 * second, balance: random.unit())
            try asked.add(row)
            try straight.add(row)
            if i % 7 == 0 { _ = asked.finish() }
        }
        #expect(asked.finish() == straight.finish())
    }

    /// The definitions written out over arrays, as in upstream's source.
    @Test(arguments: 0..<20) func agreesWithTheDefinitions(seed: Int) throws {
        var random = SeededRandom(state: UInt64(seed))
        let count = 3 + Int(random.unit() * 400)
        let rows = (0..<count).map { i in
            row(
                Int64(i) * second, price: 100 + random.unit(), position: (random.unit() * 10 - 5).rounded(), balance: random.unit() * 50,
                fee: Double(i) * 0.01, trades: Int64(i), value: Double(i) * 100)
        }
        let settings = StatisticsSettings(
            contract: .linear(size: 1), resampleNs: nil, bookSize: 1000, tradingDaysPerYear: 365, metrics: Metric.allCases)
        let whole = try #require(try summary(rows, settings).last)

        let equity = rows.map { $0.balance + $0.position * $0.price - $0.fee }
        let changes = zip(equity.dropFirst(), equity).map { $0 - $1 }
        let n = Double(changes.count), mean = changes.reduce(0, +) / n
        let deviation = (changes.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / (n - 1)).squareRoot()
        let downside = (changes.map { min(0, $0) * min(0, $0) }.reduce(0, +) / n).squareRoot()
        let year = (86_400.0 * 365).squareRoot(), days = Double(count - 1) / 86_400
        var deepest = 0.0
        for i in equity.indices { deepest = max(deepest, equity[...i].max()! - equity[i]) }
        let profit = equity.last! - equity.first!, traded = Double(count - 1) * 100
        let positions = rows.map { abs($0.position) * $0.price }.sorted()
        let median = count % 2 == 1 ? positions[count / 2] : (positions[count / 2] + positions[count / 2 - 1]) / 2
        let expected: [(String, Double)] = [
            ("SR", mean / deviation * year), ("Sortino", mean / downside * year), ("Return", profit / 1000),
            ("AnnualReturn", profit / 1000 / days * 365), ("MaxDrawdown", deepest / 1000), ("ReturnOverMDD", profit / deepest),
            ("ReturnOverTrade", profit / traded), ("NumberOfTrades", n), ("DailyNumberOfTrades", n / days),
            ("Turnover", traded / 1000), ("DailyTurnover", traded / 1000 / days), ("TradingVolume", n),
            ("MaxPositionValue", positions.last!), ("MedianPositionValue", median),
            ("MeanPositionValue", positions.reduce(0, +) / Double(count)), ("MaxLeverage", positions.last! / 1000),
        ]
        for (name, value) in expected {
            #expect(close(try #require(whole[name]), value, tolerance: 1e-9), "\(name)")
        }
    }

    @Test func aLongSumKeepsItsDigits() {
        var sum = CompensatedSum(), plain = 0.0
        for _ in 0..<1_000_000 {
            sum.add(0.1)
            plain += 0.1
        }
        sum.add(1e16)
        sum.add(-1e16)
        #expect(sum.value == 100_000.00000000001 || sum.value == 100_000)
        #expect(plain != sum.value, "or the test shows nothing")
    }

    @Test func datesAreThoseOfTheGregorianCalendar() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        var random = SeededRandom(state: 5)
        for _ in 0..<2_000 {
            let seconds = Int64(random.unit() * 8e9) - 2_000_000_000
            let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: Double(seconds)))
            let date = CalendarUTC(ns: seconds * second + 1)
            #expect([date.year, date.month, date.day, date.hour, date.minute, date.second].map(Int.init)
                == [parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second])
        }
        #expect(CalendarUTC(ns: 1_700_000_000_000_123_999).microsecondText == "2023-11-14T22:13:20.000123")
        #expect(CalendarUTC(ns: Int64.min).year == 1677)
        #expect(CalendarUTC(ns: Int64.max).year == 2262)
    }
}
