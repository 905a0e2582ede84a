import HBTBinance

/// Candles of every length, grown from trades.
struct CandleSeries {
    private struct Row {
        var openMs: Int64
        var open: Int64, high: Int64, low: Int64, close: Int64
        var volume = 0.0, quote = 0.0, takerVolume = 0.0, takerQuote = 0.0
        var firstId: Int64, lastId: Int64
        var trades: Int64 = 0
    }

    /// As many as one REST answer may hold.
    static let kept = 1500
    private var rows: [[Row]] = KlineInterval.allCases.map { _ in [] }
    /// The newest candle has changed since it was last published.
    private(set) var hasChanged: [Bool] = KlineInterval.allCases.map { _ in false }

    mutating func add(tick: Int64, quantity: Double, quote: Double, isBuy: Bool, tradeId: Int64, ms: Int64) {
        for (i, interval) in KlineInterval.allCases.enumerated() {
            let openMs = interval.start(ofMs: ms)
            if rows[i].last.map({ $0.openMs < openMs }) ?? true {
                if rows[i].count >= Self.kept * 2 { rows[i].removeFirst(Self.kept) }
                rows[i].append(Row(openMs: openMs, open: tick, high: tick, low: tick, close: tick, firstId: tradeId, lastId: tradeId))
            }
            let last = rows[i].count - 1
            rows[i][last].high = max(rows[i][last].high, tick)
            rows[i][last].low = min(rows[i][last].low, tick)
            rows[i][last].close = tick
            rows[i][last].volume += quantity
            rows[i][last].quote += quote
            if isBuy {
                rows[i][last].takerVolume += quantity
                rows[i][last].takerQuote += quote
            }
            rows[i][last].lastId = tradeId
            rows[i][last].trades += 1
            hasChanged[i] = true
        }
    }

    mutating func markPublished(_ interval: KlineInterval) { hasChanged[Self.index(interval)] = false }
    func changed(_ interval: KlineInterval) -> Bool { hasChanged[Self.index(interval)] }

    func last(_ interval: KlineInterval, _ rules: SymbolRules) -> Candle? {
        rows[Self.index(interval)].last.map { Self.candle($0, interval, rules) }
    }

    /// Candles that open in a span, the newest `limit` of them.
    func candles(_ interval: KlineInterval, fromMs: Int64?, toMs: Int64?, limit: Int, _ rules: SymbolRules) -> [Candle] {
        let inside = rows[Self.index(interval)].filter { $0.openMs >= fromMs ?? .min && $0.openMs <= toMs ?? .max }
        let chosen = fromMs == nil ? inside.suffix(limit) : inside.prefix(limit)
        return chosen.map { Self.candle($0, interval, rules) }
    }

    private static func index(_ interval: KlineInterval) -> Int { KlineInterval.allCases.firstIndex(of: interval) ?? 0 }

    private static func candle(_ row: Row, _ interval: KlineInterval, _ rules: SymbolRules) -> Candle {
        func amount(_ value: Double, _ digits: Int) -> WireDecimal { WireDecimal(rounding: value, digits: digits) ?? .zero }
        let digits = rules.quantityDigits, quoteDigits = rules.market == .spot ? 8 : rules.priceDigits + rules.quantityDigits
        return Candle(
            openMs: row.openMs, closeMs: interval.end(ofMs: row.openMs) - 1, open: rules.price(tick: row.open), high: rules.price(tick: row.high),
            low: rules.price(tick: row.low), close: rules.price(tick: row.close), volume: amount(row.volume, digits),
            quoteVolume: amount(row.quote, quoteDigits), takerBuyVolume: amount(row.takerVolume, digits),
            takerBuyQuoteVolume: amount(row.takerQuote, quoteDigits), firstTradeId: row.firstId, lastTradeId: row.lastId, trades: row.trades)
    }
}

extension KlineInterval {
    /// When the candle that holds `ms` opens: multiples of its length, weeks on Mondays, months on their first.
    func start(ofMs ms: Int64) -> Int64 {
        switch self {
        case .week1:
            let monday: Int64 = 4 * 86_400_000
            return Self.floor(ms - monday, 7 * 86_400_000) + monday
        case .month1:
            let (year, month) = Self.month(ofDay: Self.floor(ms, 86_400_000) / 86_400_000)
            return Self.day(year: year, month: month) * 86_400_000
        default: return Self.floor(ms, milliseconds)
        }
    }

    /// When the candle that opens at `ms` ends.
    func end(ofMs ms: Int64) -> Int64 { self == .month1 ? start(ofMs: ms + 31 * 86_400_000) : ms + milliseconds }

    private static func floor(_ value: Int64, _ step: Int64) -> Int64 {
        let rest = value % step
        return value - (rest < 0 ? rest + step : rest)
    }

    /// Civil date of a day since 1970 (H. Hinnant, "chrono-compatible low-level date algorithms", 2013).
    private static func month(ofDay day: Int64) -> (year: Int64, month: Int64) {
        let shifted = day + 719_468
        let era = floor(shifted, 146_097) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let index = (5 * dayOfYear + 2) / 153
        let month = index < 10 ? index + 3 : index - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month)
    }

    private static func day(year: Int64, month: Int64) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = floor(y, 400) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
