/// What a stream's name asks for: `btcusdt@depth20@100ms`, `!markPrice@arr`, ….
public struct StreamName: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        case depth(everyMs: Int64)
        case partialDepth(levels: Int, everyMs: Int64)
        case trade
        case aggTrade
        case bookTicker
        case kline(interval: KlineInterval)
        case markPrice(everyMs: Int64)
        case forceOrder
        case ticker
        case miniTicker
    }

    /// Upper case; nil for all symbols.
    public var symbol: String?
    public var kind: Kind
    /// As it was asked for.
    public var text: String

    /// nil for a name that is no stream of this market.
    public init?(_ text: String, market: VenueMarket) {
        self.text = text
        let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard let first = parts.first, !first.isEmpty else { return nil }
        if first.hasPrefix("!") {
            symbol = nil
            switch (first, parts.dropFirst().first) {
            case ("!bookTicker", nil): kind = .bookTicker
            case ("!markPrice", "arr"): kind = .markPrice(everyMs: parts.count > 2 ? 1000 : 3000)
            case ("!forceOrder", "arr"): kind = .forceOrder
            case ("!ticker", "arr"): kind = .ticker
            case ("!miniTicker", "arr"): kind = .miniTicker
            default: return nil
            }
            return
        }
        symbol = first.uppercased()
        guard parts.count >= 2, parts.count <= 3 else { return nil }
        let suffix = parts.count == 3 ? parts[2] : nil
        let name = parts[1]
        if name.hasPrefix("depth") {
            guard let everyMs = Self.speed(suffix, market) else { return nil }
            if name == "depth" {
                kind = .depth(everyMs: everyMs)
            } else {
                guard let levels = Int(name.dropFirst(5)), [5, 10, 20].contains(levels) else { return nil }
                kind = .partialDepth(levels: levels, everyMs: everyMs)
            }
            return
        }
        if name.hasPrefix("kline_") {
            guard suffix == nil, let interval = KlineInterval(rawValue: String(name.dropFirst(6))) else { return nil }
            kind = .kline(interval: interval)
            return
        }
        switch (name, suffix) {
        case ("trade", nil): kind = .trade
        case ("aggTrade", nil): kind = .aggTrade
        case ("bookTicker", nil): kind = .bookTicker
        case ("markPrice", nil) where market.isFutures: kind = .markPrice(everyMs: 3000)
        case ("markPrice", "1s") where market.isFutures: kind = .markPrice(everyMs: 1000)
        case ("forceOrder", nil) where market.isFutures: kind = .forceOrder
        case ("ticker", nil): kind = .ticker
        case ("miniTicker", nil): kind = .miniTicker
        default: return nil
        }
    }

    /// Milliseconds between messages; 0 for as fast as the book changes.
    private static func speed(_ suffix: String?, _ market: VenueMarket) -> Int64? {
        switch suffix {
        case nil: market.isFutures ? 250 : 1000
        case "100ms": 100
        case "0ms" where market.isFutures: 0
        case "250ms" where market.isFutures: 250
        case "500ms" where market.isFutures: 500
        case "1000ms" where !market.isFutures: 1000
        default: nil
        }
    }
}

/// Lengths of candles.
public enum KlineInterval: String, Sendable, CaseIterable {
    case second1 = "1s"
    case minute1 = "1m"
    case minute3 = "3m"
    case minute5 = "5m"
    case minute15 = "15m"
    case minute30 = "30m"
    case hour1 = "1h"
    case hour2 = "2h"
    case hour4 = "4h"
    case hour6 = "6h"
    case hour8 = "8h"
    case hour12 = "12h"
    case day1 = "1d"
    case day3 = "3d"
    case week1 = "1w"
    case month1 = "1M"

    /// Length in milliseconds; a month counts 30 days here, and starts where `start(ofMs:)` says.
    public var milliseconds: Int64 {
        let minute: Int64 = 60_000
        return switch self {
        case .second1: 1000
        case .minute1: minute
        case .minute3: 3 * minute
        case .minute5: 5 * minute
        case .minute15: 15 * minute
        case .minute30: 30 * minute
        case .hour1: 60 * minute
        case .hour2: 120 * minute
        case .hour4: 240 * minute
        case .hour6: 360 * minute
        case .hour8: 480 * minute
        case .hour12: 720 * minute
        case .day1: 1440 * minute
        case .day3: 3 * 1440 * minute
        case .week1: 7 * 1440 * minute
        case .month1: 30 * 1440 * minute
        }
    }
}
