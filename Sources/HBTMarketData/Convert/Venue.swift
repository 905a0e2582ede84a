import HBTTypes

/// Whose raw files the converter reads.
public enum Venue: String, CaseIterable, Sendable {
    /// Binance USD-M futures, collector files.
    case binanceFutures = "binance-futures"
    /// Binance COIN-M futures, collector files; the wire form is that of USD-M.
    case binanceCoinFutures = "binance-coin-futures"
    /// Binance spot, collector files.
    case binanceSpot = "binance-spot"

    /// - Throws: `unsupported`, naming the venues there are and the nearest one.
    public init(name: String) throws(MarketDataError) {
        if let venue = Venue(rawValue: name) {
            self = venue
            return
        }
        let known = Self.allCases.map(\.rawValue)
        let hint = Suggestion.nearest(to: name, among: known).map { "; did you mean \($0)?" } ?? ""
        throw MarketDataError(path: "", .unsupported("no converter for \"\(name)\"\(hint) (there are \(known.joined(separator: ", ")))"))
    }

    var isSpot: Bool { self == .binanceSpot }
}
