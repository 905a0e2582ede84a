import HBTTypes
import Testing

@testable import HBTMarketData

private func row(_ exchangeNs: Int64, _ localNs: Int64, _ flags: UInt64 = EventFlags.exchange | EventFlags.local) -> MarketEvent {
    MarketEvent(ev: flags | 1, exchangeNs: exchangeNs, localNs: localNs, price: 1, quantity: 1)
}

@Test func theLastRowOfEachWindowGivesALatency() throws {
    let rows = [row(90, 100), row(95, 109), row(1, 2, EventFlags.local), row(96, 110), row(100, 125)]
    let settings = FeedLatencySettings(entryMultiplier: 2, entryOffsetNs: 3, responseMultiplier: 0.5, responseOffsetNs: 1, resamplingNs: 10)
    #expect(try FeedLatency.rows(from: ArrayEventSource(rows), settings: settings) == [
        LatencyRow(requestNs: 109, exchangeNs: 140, responseNs: 148),
        LatencyRow(requestNs: 110, exchangeNs: 141, responseNs: 149),
        LatencyRow(requestNs: 125, exchangeNs: 178, responseNs: 191),
    ])
}

@Test func windowsAreAlignedBelowZeroToo() throws {
    let rows = [row(-20, -11), row(-10, -1), row(0, 9)]
    #expect(try FeedLatency.rows(from: ArrayEventSource(rows), settings: FeedLatencySettings(resamplingNs: 10)).map(\.requestNs) == [-11, -1, 9])
}

@Test func aFeedWithoutLatencyIsAnError() {
    let source = FeedLatencySource(paths: ["x"], settings: FeedLatencySettings()) { _ in ArrayEventSource([]) }
    #expect(failure { try source.rows(ofFile: 0) }?.path == "x")
    #expect(failure { try FeedLatency.rows(from: ArrayEventSource([]), settings: FeedLatencySettings(resamplingNs: 0)) } != nil)
}
