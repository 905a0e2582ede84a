import HBTTypes

extension DepthBook where Levels: LevelStore {
    /// Levels that hold quantity, and the bounds that decide later searches. With a `base` only what
    /// differs from it: our book is the venue's but for the rows under way.
    func encode(into out: inout StateWriter, besides base: DepthBook?) {
        out.begin("BOOK")
        out.put(bestBidTick)
        out.put(bestAskTick)
        out.put(lowBidTick)
        out.put(highAskTick)
        encode(bids, base?.bids, into: &out)
        encode(asks, base?.asks, into: &out)
    }

    private func encode(_ levels: Levels, _ base: Levels?, into out: inout StateWriter) {
        var columns = LevelColumns(lotSize: grid.lotSize, unit: Levels.stateUnit)
        levels.collect(into: &columns, besides: base)
        columns.encode(into: &out)
    }

    mutating func restore(from input: inout StateReader, besides base: DepthBook?) throws(StateError) {
        try input.expect("BOOK")
        bestBidTick = try input.int64()
        bestAskTick = try input.int64()
        lowBidTick = try input.int64()
        highAskTick = try input.int64()
        let bidColumns = try LevelColumns.read(from: &input, lotSize: grid.lotSize)
        let askColumns = try LevelColumns.read(from: &input, lotSize: grid.lotSize)
        bids.removeAll()
        asks.removeAll()
        if let base {
            bids.copy(from: base.bids)
            asks.copy(from: base.asks)
        }
        try bids.restore(from: bidColumns)
        try asks.restore(from: askColumns)
    }
}

/// 64 sizes against 64 others.
@inline(__always) func areSame(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int) -> Bool {
    var isSame = true
    for i in 0..<count { isSame = isSame && a[i] == b[i] }
    return isSame
}

/// A bit for each of up to 64 sizes that is not 0.
func stored(_ sizes: UnsafePointer<Double>, count: Int) -> UInt64 {
    var mask: UInt64 = 0
    for i in 0..<count where sizes[i] != 0 { mask |= 1 &<< UInt64(i) }
    return mask
}
