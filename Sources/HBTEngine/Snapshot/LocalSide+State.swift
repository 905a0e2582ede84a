import HBTTypes

extension LocalSide {
    func encode(into out: inout StateWriter) {
        out.begin("LOCL")
        book.encode(into: &out)
        out.putRaw(lastTrades)
        out.put(feedLatency != nil)
        out.put(feedLatency?.exchangeNs ?? 0)
        out.put(feedLatency?.localNs ?? 0)
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try input.expect("LOCL")
        try book.restore(from: &input)
        lastTrades = try input.raw()
        let isKnown = try input.bool()
        let exchangeNs = try input.int64(), localNs = try input.int64()
        feedLatency = isKnown ? (exchangeNs, localNs) : nil
    }
}
