import HBTTypes

extension DepthBook {
    /// Levels that hold quantity, and the bounds that decide later searches.
    func encode(into out: inout StateWriter) {
        out.begin("BOOK")
        out.put(bestBidTick)
        out.put(bestAskTick)
        out.put(lowBidTick)
        out.put(highAskTick)
        encode(bids, into: &out)
        encode(asks, into: &out)
    }

    private func encode(_ levels: Levels, into out: inout StateWriter) {
        var ticks: [Int64] = [], quantities: [Double] = []
        levels.forEachStored {
            ticks.append($0)
            quantities.append($1)
        }
        out.putRaw(ticks)
        out.putRaw(quantities)
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try input.expect("BOOK")
        clearBoth()
        bestBidTick = try input.int64()
        bestAskTick = try input.int64()
        lowBidTick = try input.int64()
        highAskTick = try input.int64()
        try restore(&bids, from: &input)
        try restore(&asks, from: &input)
    }

    private func restore(_ levels: inout Levels, from input: inout StateReader) throws(StateError) {
        let ticks = try input.raw(Int64.self), quantities = try input.raw(Double.self)
        guard ticks.count == quantities.count, ticks.allSatisfy({ isInRange($0) }) else {
            throw StateError("the levels of a book do not fit its range of interest")
        }
        for (tick, quantity) in zip(ticks, quantities) { levels.set(tick, quantity) }
    }
}
