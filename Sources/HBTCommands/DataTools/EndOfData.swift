import HBTEngine
import HBTMarketData
import HBTTypes

/// The local book once all data has been played.
struct EndOfData {
    var files: [String]
    /// Quote currency.
    var tickSize: Double
    /// Base currency.
    var lotSize: Double
    var initialSnapshot: String?

    /// Bids from the best down, then asks from the best up.
    func book() throws -> [MarketEvent] {
        for path in files where FileTree.kind(path) == .folder { throw CommandError("\(path): this is a folder; name the files in it") }
        let log = ReadLog()
        let backtest = try Backtest(
            assets: [
                AssetInput(
                    spec: AssetSpec(symbol: "the data", tickSize: tickSize, lotSize: lotSize),
                    events: PrefetchingEventSource(AssetEventSource(files, log: log)),
                    initialSnapshot: try initialSnapshot.map(EventFileReader.readAll) ?? [])
            ], compatibility: .none)
        backtest.goToEnd()
        if let error = backtest.dataError { throw DataFailure.placed(error, log: log) }
        guard backtest.rowsRead > 0 else { throw CommandError("\(files.joined(separator: ", ")): there are no rows") }
        return backtest.snapshotRows(0)
    }
}
