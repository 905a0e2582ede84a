import HBTTypes

/// One change of a level: 8 bytes, the bulk of a tape.
///
/// `cell` is the level's place: bids from 0, asks from the tape's width, both from its first tick.
/// The top bit marks a silent row: a level that vanished because a side was cleared or crossed, which
/// moves no queue. A cell beyond both sides changes nothing (a place for a change of the best price).
struct TapeRow: BitwiseCopyable {
    static let silentBit: UInt32 = 1 << 31
    static let nowhere: UInt32 = silentBit | (silentBit - 1)
    var cell: UInt32
    var lots: Int32
}

/// The best price of a side from depth row `position` on; the top bit marks a change that crosses no
/// order of ours (a clear). `Int32.min` is "no bid", `Int32.max` "no ask".
struct TapeBestChange: BitwiseCopyable {
    static let silentBit: UInt32 = 1 << 31
    private var word: UInt32
    var tick: Int32

    init(position: Int, tick: Int32, isSilent: Bool) {
        word = UInt32(position) | (isSilent ? Self.silentBit : 0)
        self.tick = tick
    }
    @inline(__always) var position: Int { Int(word & ~Self.silentBit) }
    @inline(__always) var isSilent: Bool { word & Self.silentBit != 0 }
}

/// A row for the venue that is no change of a level in range: a trade, or a level outside the range
/// of interest. It comes before depth row `position`.
struct TapeSpecial: BitwiseCopyable {
    var ns: Int64
    var tick: Int64
    var quantity: Double
    var position: UInt32
    /// Raw value of a `FeedKind`: bytes of a file may be none.
    private var kindByte: UInt8
    private var sign: Int8
    private var unused: UInt16 = 0

    init(_ row: ExchangeRow, position: Int) {
        (ns, tick, quantity) = (row.exchangeNs, row.tick, row.quantity)
        self.position = UInt32(position)
        kindByte = row.kind.rawValue
        sign = row.sign
    }

    @inline(__always) var kind: FeedKind { FeedKind(rawValue: kindByte) ?? .other }
    @inline(__always) var isTrade: Bool {
        (FeedKind.buyTrade.rawValue...FeedKind.sidelessTrade.rawValue).contains(kindByte)
    }
    @inline(__always) var isBidLevel: Bool { kindByte == FeedKind.bidLevel.rawValue }
    @inline(__always) var isAskLevel: Bool { kindByte == FeedKind.askLevel.rawValue }
    @inline(__always) var isBuyTrade: Bool { kindByte == FeedKind.buyTrade.rawValue }
    @inline(__always) var isSellTrade: Bool { kindByte == FeedKind.sellTrade.rawValue }
    var row: ExchangeRow { ExchangeRow(exchangeNs: ns, tick: tick, quantity: quantity, kind: kind, sign: sign) }
}

/// A trade as it reached us.
struct TapeTrade: BitwiseCopyable {
    var localNs: Int64
    var exchangeNs: Int64
    var price: Double
    var quantity: Double
    var ev: UInt64

    init(_ event: UnsafePointer<MarketEvent>, localNs: Int64) {
        self.localNs = localNs
        exchangeNs = event.pointee.exchangeNs
        (price, quantity) = (event.pointee.price, event.pointee.quantity)
        ev = UInt64(UInt32(truncatingIfNeeded: event.pointee.ev))
    }
}

/// All exchange rows of one time: where its depth rows and its special rows end.
struct TapeExchangeBatch: BitwiseCopyable {
    var ns: Int64
    var depthEnd: Int32
    var specialEnd: Int32
}

/// All local rows of one time, and the best prices after them.
struct TapeLocalBatch: BitwiseCopyable {
    var ns: Int64
    /// Exchange time of the last row.
    var exchangeNs: Int64
    var depthEnd: Int32
    var tradeEnd: Int32
    var bestBidTick: Int32
    var bestAskTick: Int32
}

/// Best prices in four bytes.
enum TapeTick {
    @inline(__always) static func wide(_ tick: Int32) -> Int64 {
        tick == .min ? .min : (tick == .max ? .max : Int64(tick))
    }
    /// Nil when the tick does not fit.
    @inline(__always) static func narrow(_ tick: Int64) -> Int32? {
        if tick == .min { return .min }
        if tick == .max { return .max }
        guard tick > Int64(Int32.min), tick < Int64(Int32.max) else { return nil }
        return Int32(truncatingIfNeeded: tick)
    }
}
