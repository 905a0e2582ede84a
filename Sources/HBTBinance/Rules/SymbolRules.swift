/// The venue's rules for one symbol, as `exchangeInfo` states them.
public struct SymbolRules: Equatable, Sendable {
    public var market: VenueMarket
    public var symbol: String
    public var baseAsset: String
    public var quoteAsset: String
    /// What profit and fees are paid in: the quote asset, on COIN-M the base asset.
    public var marginAsset: String
    public var tick: WireStep
    public var lot: WireStep
    public var minPrice: WireDecimal
    public var maxPrice: WireDecimal
    public var minQuantity: WireDecimal
    public var maxQuantity: WireDecimal
    public var maxMarketQuantity: WireDecimal
    /// Least value of an order in quote currency; 0 for no limit (COIN-M).
    public var minNotional: WireDecimal
    /// A limit price may lie between these multiples of the reference price.
    public var percentDown: WireDecimal
    public var percentUp: WireDecimal
    public var maxOrders: Int
    /// COIN-M: quote currency per contract; 1 elsewhere.
    public var contractSize: Int64
    /// Digits in which prices and quantities are written; spot always uses 8.
    public var priceDigits: Int
    public var quantityDigits: Int

    public init(market: VenueMarket, symbol: String, baseAsset: String, quoteAsset: String, tick: WireStep, lot: WireStep) {
        self.market = market
        self.symbol = symbol
        self.baseAsset = baseAsset
        self.quoteAsset = quoteAsset
        marginAsset = market == .coinMargined ? baseAsset : quoteAsset
        self.tick = tick
        self.lot = lot
        priceDigits = market == .spot ? 8 : Int(tick.size.digits)
        quantityDigits = market == .spot ? 8 : Int(lot.size.digits)
        minPrice = tick.size
        maxPrice = WireDecimal(mantissa: 10_000_000, digits: 0)
        minQuantity = lot.size
        maxQuantity = WireDecimal(mantissa: 1_000_000, digits: 0)
        maxMarketQuantity = maxQuantity
        minNotional = market == .coinMargined ? .zero : WireDecimal(mantissa: 5, digits: 0)
        percentDown = WireDecimal(mantissa: market == .spot ? 2 : 85, digits: market == .spot ? 1 : 2)
        percentUp = WireDecimal(mantissa: market == .spot ? 5 : 115, digits: market == .spot ? 0 : 2)
        maxOrders = 200
        contractSize = market == .coinMargined ? 100 : 1
    }

    /// As the venue writes a price of this symbol; nil when it does not fit.
    public func price(_ value: WireDecimal) -> WireDecimal? { value.rescaled(digits: priceDigits) }
    public func quantity(_ value: WireDecimal) -> WireDecimal? { value.rescaled(digits: quantityDigits) }
    /// The price of a tick number; zero when it is beyond what the wire can say.
    public func price(tick number: Int64) -> WireDecimal {
        tick.value(number, digits: priceDigits) ?? WireDecimal(mantissa: 0, digits: priceDigits)
    }
    public func quantity(lots number: Int64) -> WireDecimal {
        lot.value(number, digits: quantityDigits) ?? WireDecimal(mantissa: 0, digits: quantityDigits)
    }
}
