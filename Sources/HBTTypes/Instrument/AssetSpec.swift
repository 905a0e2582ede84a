/// Everything the engine needs to know of one instrument and of how its venue is simulated.
public struct AssetSpec: Equatable, Sendable {
    public var symbol: String
    /// Quote currency per tick.
    public var tickSize: Double
    /// Base currency per lot.
    public var lotSize: Double
    public var contract: ContractSpec
    public var book: BookSpec
    public var latency: LatencyModel
    public var queue: QueueModel
    public var exchange: ExchangeModel
    public var fee: FeeSpec
    /// Added to every row's `localNs` on load.
    public var feedLatencyOffsetNs: Int64
    /// 0 keeps no trades for the strategy; any other value keeps all until cleared.
    public var lastTradesCapacity: Int
    /// Records are valued at the mark price instead of the middle of the book, as soon as there is one.
    public var marksToMarket = false
    /// When a position is taken away; nil for never. Needs mark prices.
    public var margin: MarginSpec?

    public init(
        symbol: String, tickSize: Double, lotSize: Double, contract: ContractSpec = .linear(size: 1),
        book: BookSpec = .hash, latency: LatencyModel = .constant(entryNs: 0, responseNs: 0),
        queue: QueueModel = .logProb2, exchange: ExchangeModel = .noPartialFill, fee: FeeSpec = FeeSpec(),
        feedLatencyOffsetNs: Int64 = 0, lastTradesCapacity: Int = 0
    ) {
        self.symbol = symbol
        self.tickSize = tickSize
        self.lotSize = lotSize
        self.contract = contract
        self.book = book
        self.latency = latency
        self.queue = queue
        self.exchange = exchange
        self.fee = fee
        self.feedLatencyOffsetNs = feedLatencyOffsetNs
        self.lastTradesCapacity = lastTradesCapacity
    }
}

/// How a position is worth money.
public enum ContractSpec: Equatable, Sendable {
    /// Value = size × price × quantity, in quote currency.
    case linear(size: Double)
    /// Value = size × quantity ÷ price, in base currency.
    case inverse(size: Double)

    /// Value of `quantity` at `price`; negative for a short position.
    @inlinable
    public func value(of quantity: Double, at price: Double) -> Double {
        switch self {
        case .linear(let size): size * quantity * price
        case .inverse(let size): size * quantity / price
        }
    }
}

/// How the depth is kept.
public enum BookSpec: Equatable, Sendable {
    /// Any price; levels in sparse pages.
    case hash
    /// Dense array over a range of prices (quote currency, inclusive); rows outside are ignored.
    case roi(lower: Double, upper: Double)
}

/// Where order latency comes from.
public enum LatencyModel: Equatable, Sendable {
    case constant(entryNs: Int64, responseNs: Int64)
    /// Interpolated between the rows of the asset's `LatencyRowSource`;
    /// `offsetNs` is added once to `exchangeNs` and twice to `responseNs`.
    case interpolated(offsetNs: Int64)
}

/// How the queue ahead of a resting order is estimated.
public enum QueueModel: Equatable, Sendable {
    case riskAverse
    case logProb
    case logProb2
    case powerProb(n: Double)
    case powerProb2(n: Double)
    case powerProb3(n: Double)
}

/// Whether the simulated exchange fills orders whole or in pieces.
public enum ExchangeModel: String, Equatable, Sendable {
    case noPartialFill = "no_partial_fill"
    case partialFill = "partial_fill"
}

/// Fees. Negative rates are rebates; fees are kept apart from the balance.
public struct FeeSpec: Equatable, Sendable {
    public enum Kind: String, Equatable, Sendable {
        /// Rate × traded value.
        case tradingValue = "trading_value"
        /// Rate × traded quantity.
        case tradingQuantity = "trading_qty"
        /// A fixed amount per execution.
        case flatPerTrade = "flat_per_trade"
    }
    public var kind: Kind
    public var maker: Double
    public var taker: Double
    /// Added for buys, as a rate on traded value.
    public var buy: Double
    /// Added for sells, as a rate on traded value.
    public var sell: Double

    public init(kind: Kind = .tradingValue, maker: Double = 0, taker: Double = 0, buy: Double = 0, sell: Double = 0) {
        self.kind = kind
        self.maker = maker
        self.taker = taker
        self.buy = buy
        self.sell = sell
    }
}
