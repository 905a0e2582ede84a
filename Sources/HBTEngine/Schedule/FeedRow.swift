import HBTTypes

/// What a row means to the engine; everything else a row can say is `other`.
enum FeedKind: UInt8 {
    /// Not for the book: wakes the local side, changes nothing.
    case other
    case bidLevel, askLevel
    case buyTrade, sellTrade, sidelessTrade
    case clearBids, clearAsks, clearBoth
}

/// A row as the exchange side needs it, decoded once.
struct ExchangeRow: BitwiseCopyable {
    var exchangeNs: Int64
    var tick: Int64
    var quantity: Double
    var kind: FeedKind
    /// Depth: sign of the quantity in lots (0 deletes). Clear: 1 up to `tick`, 0 the whole side.
    var sign: Int8
    // The rest of the last word is named, so that a saved state has no bytes left to chance.
    var unused16: UInt16 = 0
    var unused32: UInt32 = 0
}

/// A row as the local side needs it, decoded once.
struct LocalRow: BitwiseCopyable {
    var localNs: Int64
    var exchangeNs: Int64
    var tick: Int64
    var quantity: Double
    /// Raw price, for the trades a strategy sees.
    var price: Double
    /// Low 32 bits of `MarketEvent.ev`, for the trades a strategy sees.
    var ev: UInt32
    var kind: FeedKind
    var sign: Int8
    var unused16: UInt16 = 0
}
