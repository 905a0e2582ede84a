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

/// All exchange rows of one time: where its depth rows and its special rows end.
///
/// A special row is an `ExchangeRow` whose `unused32` is the number of depth rows before it: a trade,
/// or a level outside the range of interest.
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
