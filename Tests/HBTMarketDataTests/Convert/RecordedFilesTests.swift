import HBTTypes
import Testing

@testable import HBTMarketData

struct Recorded: Sendable, CustomTestStringConvertible {
    var raw: String, npz: String, options = ""
    var testDescription: String { npz }
}

// Recorded files and what the reference made of them lie beside the repository, so these tests are
// skipped, with a line saying so, in a checkout of its own.
@Test(
    .enabled(if: SharedData.isPresent, "needs ../shared/data"),
    arguments: [
        Recorded(raw: "usdm/btcusdt_20240718", npz: "usdm_btcusdt_20240718"),
        Recorded(raw: "usdm/btcusdt_20240718", npz: "usdm_btcusdt_20240718_opt-t", options: "t"),
        Recorded(raw: "usdm/btcusdt_20240719", npz: "usdm_btcusdt_20240719"),
        Recorded(raw: "usdm/btcusdt_20240808", npz: "usdm_btcusdt_20240808"),
        Recorded(raw: "cm/btcusd_perp_20240808", npz: "cm_btcusd_perp_20240808"),
    ])
func recordedFilesBecomeTheReferencesRows(recorded: Recorded) throws {
    let source = try CollectorEventSource(
        paths: [SharedData.raw(recorded.raw)], options: ConvertOptions(options: recorded.options, rowsInMemory: 50_000))
    #expect(source.venue == (recorded.raw.hasPrefix("cm") ? .binanceCoinFutures : .binanceFutures))
    #expect(source.report.updateGapCount == 0)
    #expect(sameBytes(try drain(source), try EventFileReader.readAll(SharedNpz.path(recorded.npz))))
}

@Test(.enabled(if: SharedData.isPresent, "needs ../shared/data"), arguments: ["usdm_btcusdt_20240719", "usdm_btcusdt_20240808"])
func feedLatencyEqualsTheReferences(name: String) throws {
    let source = FeedLatencySource(paths: [SharedNpz.path(name)], settings: FeedLatencySettings()) { try EventFiles.open($0) }
    #expect(source.fileCount == 1)
    #expect(try source.rows(ofFile: 0) == LatencyFiles.readAll(SharedNpz.path(name + "_order_latency")))
}

@Test(
    .enabled(if: SharedData.isPresent, "needs ../shared/data"),
    arguments: ["spot/btcusdt_20240808", "spot/btcusdt_20240809", "spot/nexousdt_20240723.dat", "spot/btcusdt_20230405.dat"])
func recordedSpotFilesMakeASoundBook(name: String) throws {
    let report = try FeedInspector.inspect(CollectorEventSource(paths: [SharedData.raw(name)]))
    let validation = FeedValidation(report)
    #expect(validation.passes, "\(validation.text)")
    #expect(report.exchange.crossed.count + report.local.crossed.count + report.exchange.locked.count + report.local.locked.count == 0)
    #expect(report.latency?.negativeRows == 0)
}
