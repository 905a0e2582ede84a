import HBTTypes

extension LiveFeed {
    func encode(into out: inout StateWriter) {
        out.begin("LVFD")
        out.put(venue == .simulated)
        out.put(rows.clockNs)
        out.put(rows.watermarkNs)
        out.put(rows.movedRows)
        out.putRaw(Array(rows.held[rows.heldHead...]))
        out.putRaw(rows.ready.elements)
    }

    func restore(from input: inout StateReader) throws(StateError) {
        try input.expect("LVFD")
        guard try input.bool() == (venue == .simulated) else {
            throw StateError("the state was taken with fills from another kind of venue (--paper against --live)")
        }
        rows.clockNs = try input.int64()
        rows.watermarkNs = try input.int64()
        rows.movedRows = try input.int64()
        rows.held = try input.raw()
        rows.heldHead = 0
        let playable: [MarketEvent] = try input.raw()
        rows.ready.removeFirst(rows.ready.count)
        rows.ready.reserve(playable.count)
        for row in playable { rows.ready.append(row) }
        guard zip(rows.held, rows.held.dropFirst()).allSatisfy({ $0.exchangeNs <= $1.exchangeNs }) else {
            throw StateError("the rows that a feed holds are out of order")
        }
    }
}
