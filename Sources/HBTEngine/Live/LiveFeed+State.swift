import HBTTypes

extension LiveFeed {
    func encode(into out: inout StateWriter) {
        out.begin("LVFD")
        out.put(venue == .simulated)
        out.put(clockNs)
        out.put(watermarkNs)
        out.put(movedRows)
        out.putRaw(Array(held[heldHead...]))
        out.putRaw(ready.elements)
    }

    func restore(from input: inout StateReader) throws(StateError) {
        try input.expect("LVFD")
        guard try input.bool() == (venue == .simulated) else {
            throw StateError("the state was taken with fills from another kind of venue (--paper against --live)")
        }
        clockNs = try input.int64()
        watermarkNs = try input.int64()
        movedRows = try input.int64()
        held = try input.raw()
        heldHead = 0
        let rows: [MarketEvent] = try input.raw()
        ready.removeFirst(ready.count)
        ready.reserve(rows.count)
        for row in rows { ready.append(row) }
        guard zip(held, held.dropFirst()).allSatisfy({ $0.exchangeNs <= $1.exchangeNs }) else {
            throw StateError("the rows that a feed holds are out of order")
        }
    }
}
