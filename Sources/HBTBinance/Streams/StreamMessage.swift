/// A message of a market stream, or a depth snapshot over REST.
///
/// Times are milliseconds since the Unix epoch, the venue's clock, as on the wire.
public enum StreamMessage: Equatable, Sendable {
    /// The levels are in the parser's `bids` and `asks`.
    case depth(DepthMessage)
    /// A snapshot over REST, or a spot partial-depth stream; the levels are in `bids` and `asks`.
    case snapshot(SnapshotMessage)
    case bookTicker(BookTickerMessage)
    case trade(TradeMessage)
    case aggTrade(AggTradeMessage)
    case kline(KlineMessage)
    case markPrice(MarkPriceMessage)
    case forceOrder(ForceOrderMessage)
    /// Well-formed JSON of another kind; read it with `JSONValue.parse`.
    case other
}

/// A change of the book, or (futures) the top of the book from a partial-depth stream.
public struct DepthMessage: Equatable, Sendable {
    public var symbol: String
    /// COIN-M only.
    public var pair: String?
    public var eventMs: Int64
    /// When the matching engine made the change; futures only.
    public var transactionMs: Int64?
    public var firstUpdateId: Int64
    public var finalUpdateId: Int64
    /// The `finalUpdateId` of the stream's message before; futures only.
    public var previousFinalUpdateId: Int64?

    public init(
        symbol: String, pair: String? = nil, eventMs: Int64, transactionMs: Int64? = nil,
        firstUpdateId: Int64, finalUpdateId: Int64, previousFinalUpdateId: Int64? = nil
    ) {
        self.symbol = symbol
        self.pair = pair
        self.eventMs = eventMs
        self.transactionMs = transactionMs
        self.firstUpdateId = firstUpdateId
        self.finalUpdateId = finalUpdateId
        self.previousFinalUpdateId = previousFinalUpdateId
    }
}

/// The book as of `lastUpdateId`.
public struct SnapshotMessage: Equatable, Sendable {
    public var lastUpdateId: Int64
    /// Futures only.
    public var eventMs: Int64?
    public var transactionMs: Int64?
    /// COIN-M only.
    public var symbol: String?
    public var pair: String?

    public init(lastUpdateId: Int64, eventMs: Int64? = nil, transactionMs: Int64? = nil, symbol: String? = nil, pair: String? = nil) {
        self.lastUpdateId = lastUpdateId
        self.eventMs = eventMs
        self.transactionMs = transactionMs
        self.symbol = symbol
        self.pair = pair
    }
}

/// The best bid and offer after update `updateId`.
public struct BookTickerMessage: Equatable, Sendable {
    public var symbol: String
    public var pair: String?
    public var updateId: Int64
    public var bid: WireLevel
    public var ask: WireLevel
    /// Futures only.
    public var transactionMs: Int64?
    public var eventMs: Int64?

    public init(
        symbol: String, pair: String? = nil, updateId: Int64, bid: WireLevel, ask: WireLevel,
        transactionMs: Int64? = nil, eventMs: Int64? = nil
    ) {
        self.symbol = symbol
        self.pair = pair
        self.updateId = updateId
        self.bid = bid
        self.ask = ask
        self.transactionMs = transactionMs
        self.eventMs = eventMs
    }
}

/// One match.
public struct TradeMessage: Equatable, Sendable {
    public var symbol: String
    public var eventMs: Int64
    public var transactionMs: Int64
    public var tradeId: Int64
    public var price: WireDecimal
    public var quantity: WireDecimal
    /// "MARKET", "INSURANCE_FUND", "ADL", "NA"; futures only.
    public var kind: String?
    /// True when a sell order took a bid.
    public var isBuyerMaker: Bool

    public init(
        symbol: String, eventMs: Int64, transactionMs: Int64, tradeId: Int64, price: WireDecimal, quantity: WireDecimal,
        kind: String? = nil, isBuyerMaker: Bool
    ) {
        self.symbol = symbol
        self.eventMs = eventMs
        self.transactionMs = transactionMs
        self.tradeId = tradeId
        self.price = price
        self.quantity = quantity
        self.kind = kind
        self.isBuyerMaker = isBuyerMaker
    }
}

/// Matches of one taking order at one price.
public struct AggTradeMessage: Equatable, Sendable {
    public var symbol: String
    public var eventMs: Int64
    public var transactionMs: Int64
    public var aggTradeId: Int64
    public var firstTradeId: Int64
    public var lastTradeId: Int64
    public var price: WireDecimal
    public var quantity: WireDecimal
    public var isBuyerMaker: Bool

    public init(
        symbol: String, eventMs: Int64, transactionMs: Int64, aggTradeId: Int64, firstTradeId: Int64, lastTradeId: Int64,
        price: WireDecimal, quantity: WireDecimal, isBuyerMaker: Bool
    ) {
        self.symbol = symbol
        self.eventMs = eventMs
        self.transactionMs = transactionMs
        self.aggTradeId = aggTradeId
        self.firstTradeId = firstTradeId
        self.lastTradeId = lastTradeId
        self.price = price
        self.quantity = quantity
        self.isBuyerMaker = isBuyerMaker
    }
}

/// The state of one candle.
public struct KlineMessage: Equatable, Sendable {
    public var eventMs: Int64
    public var symbol: String
    public var candle: Candle
    /// "1m", "1h", …
    public var interval: String
    /// False while trades may still change it.
    public var isClosed: Bool

    public init(eventMs: Int64, symbol: String, candle: Candle, interval: String, isClosed: Bool) {
        self.eventMs = eventMs
        self.symbol = symbol
        self.candle = candle
        self.interval = interval
        self.isClosed = isClosed
    }
}

/// Futures: mark price, index price, and the funding to come.
public struct MarkPriceMessage: Equatable, Sendable {
    public var symbol: String
    public var eventMs: Int64
    public var markPrice: WireDecimal
    public var indexPrice: WireDecimal?
    /// Estimated settlement price, of use in the last hour before settlement.
    public var settlePrice: WireDecimal?
    public var fundingRate: WireDecimal
    public var nextFundingMs: Int64

    public init(
        symbol: String, eventMs: Int64, markPrice: WireDecimal, indexPrice: WireDecimal?, settlePrice: WireDecimal?,
        fundingRate: WireDecimal, nextFundingMs: Int64
    ) {
        self.symbol = symbol
        self.eventMs = eventMs
        self.markPrice = markPrice
        self.indexPrice = indexPrice
        self.settlePrice = settlePrice
        self.fundingRate = fundingRate
        self.nextFundingMs = nextFundingMs
    }
}

/// Futures: a liquidation order.
public struct ForceOrderMessage: Equatable, Sendable {
    public var symbol: String
    public var eventMs: Int64
    public var transactionMs: Int64
    /// "BUY" closes a short.
    public var side: String
    public var price: WireDecimal
    public var averagePrice: WireDecimal
    public var quantity: WireDecimal
    public var filledQuantity: WireDecimal

    public init(
        symbol: String, eventMs: Int64, transactionMs: Int64, side: String, price: WireDecimal, averagePrice: WireDecimal,
        quantity: WireDecimal, filledQuantity: WireDecimal
    ) {
        self.symbol = symbol
        self.eventMs = eventMs
        self.transactionMs = transactionMs
        self.side = side
        self.price = price
        self.averagePrice = averagePrice
        self.quantity = quantity
        self.filledQuantity = filledQuantity
    }
}
