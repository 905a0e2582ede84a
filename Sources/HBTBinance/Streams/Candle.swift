/// One candle, as streams and REST give it.
public struct Candle: Equatable, Sendable {
    public var openMs: Int64
    /// The last millisecond that belongs to it.
    public var closeMs: Int64
    public var open: WireDecimal
    public var high: WireDecimal
    public var low: WireDecimal
    public var close: WireDecimal
    /// Base currency; contracts on COIN-M.
    public var volume: WireDecimal
    /// Quote currency; base currency on COIN-M.
    public var quoteVolume: WireDecimal
    public var takerBuyVolume: WireDecimal
    public var takerBuyQuoteVolume: WireDecimal
    /// -1 without trades, as the venue has it.
    public var firstTradeId: Int64
    public var lastTradeId: Int64
    public var trades: Int64

    public init(
        openMs: Int64, closeMs: Int64, open: WireDecimal, high: WireDecimal, low: WireDecimal, close: WireDecimal,
        volume: WireDecimal, quoteVolume: WireDecimal, takerBuyVolume: WireDecimal, takerBuyQuoteVolume: WireDecimal,
        firstTradeId: Int64, lastTradeId: Int64, trades: Int64
    ) {
        self.openMs = openMs
        self.closeMs = closeMs
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        self.quoteVolume = quoteVolume
        self.takerBuyVolume = takerBuyVolume
        self.takerBuyQuoteVolume = takerBuyQuoteVolume
        self.firstTradeId = firstTradeId
        self.lastTradeId = lastTradeId
        self.trades = trades
    }

    /// The array that `klines` answers with; see `encode`.
    public init(_ json: JSONValue) throws(WireFault) {
        guard let row = json.elements, row.count >= 11 else { throw WireFault("a candle is an array of 12 values") }
        func decimal(_ i: Int) throws(WireFault) -> WireDecimal {
            guard let value = row[i].decimal else { throw WireFault("value \(i) of a candle is no number") }
            return value
        }
        func integer(_ i: Int) throws(WireFault) -> Int64 {
            guard let value = row[i].integer else { throw WireFault("value \(i) of a candle is no whole number") }
            return value
        }
        self.init(
            openMs: try integer(0), closeMs: try integer(6), open: try decimal(1), high: try decimal(2), low: try decimal(3),
            close: try decimal(4), volume: try decimal(5), quoteVolume: try decimal(7), takerBuyVolume: try decimal(9),
            takerBuyQuoteVolume: try decimal(10), firstTradeId: -1, lastTradeId: -1, trades: try integer(8))
    }

    public func encodeRow(into out: inout JSONWriter) {
        out.beginArray()
        out.integer(openMs)
        for price in [open, high, low, close, volume] { out.decimal(price) }
        out.integer(closeMs)
        out.decimal(quoteVolume)
        out.integer(trades)
        out.decimal(takerBuyVolume)
        out.decimal(takerBuyQuoteVolume)
        out.string("0")
        out.endArray()
    }
}
