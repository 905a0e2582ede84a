import HBTTypes

extension LocalSide {
    /// `venue`: the venue's book, from which ours differs little.
    func encode(into out: inout StateWriter, venue: DepthBook<Levels>) {
        out.begin("LOCL")
        book.encode(into: &out, besides: venue)
        out.putRaw(lastTrades)
        out.put(feedLatency != nil)
        out.put(feedLatency?.exchangeNs ?? 0)
        out.put(feedLatency?.localNs ?? 0)
    }

    mutating func restore(from input: inout StateReader, venue: DepthBook<Levels>) throws(StateError) {
        try input.expect("LOCL")
        try book.restore(from: &input, besides: venue)
        lastTrades = try input.raw()
        let isKnown = try input.bool()
        let exchangeNs = try input.int64(), localNs = try input.int64()
        feedLatency = isKnown ? (exchangeNs, localNs) : nil
    }
}
