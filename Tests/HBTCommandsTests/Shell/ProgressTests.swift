import Testing

@testable import HBTCommands

@Suite struct ProgressTests {
    @Test func aLineTellsShareSpeedAndTimeLeft() {
        #expect(Progress.line(done: 5_000_000, of: 20_000_000, unit: "rows", seconds: 2)
            == "[#####...............] 25 %  5.0 M of 20.0 M rows  2.5 M rows/s  6 s left")
        #expect(Progress.line(done: 1_200, of: nil, unit: "rows", seconds: 2) == "1.2 k rows  600 rows/s")
        #expect(Progress.line(done: 0, of: 10, unit: "rows", seconds: 0) == "[....................] 0 %  0 of 10 rows  0 rows/s  ")
    }

    @Test func moreRowsThanExpectedStayAtAll() {
        #expect(Progress.line(done: 12, of: 10, unit: "rows", seconds: 1)
            == "[####################] 100 %  12 of 10 rows  12 rows/s  0 s left")
    }

    @Test func nothingIsDrawnForShortWork() {
        var drawn = 0
        nonisolated(unsafe) var count = 0
        let progress = Progress(Console(isWatched: true) { _, _ in count += 1; return true }, quiet: false, unit: "rows", total: 10)
        progress.update(1)
        progress.end()
        drawn = count
        #expect(drawn == 0)
    }
}
