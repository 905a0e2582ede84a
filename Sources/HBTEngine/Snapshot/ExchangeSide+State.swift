import HBTTypes

extension ExchangeSide {
    func encode(into out: inout StateWriter) {
        out.begin("EXCH")
        book.encode(into: &out, besides: nil)
        orders.encode(into: &out)
        buys.encode(into: &out)
        sells.encode(into: &out)
        responses.encode(into: &out)
        markouts.encode(into: &out)
        latency.encode(into: &out)
        out.put(executions)
        out.put(unremoved.count)
        for id in unremoved { out.put(id) }
    }

    mutating func restore(from input: inout StateReader) throws {
        try input.expect("EXCH")
        try book.restore(from: &input, besides: nil)
        try orders.restore(from: &input)
        try buys.restore(from: &input, slots: orders.slotCount)
        try sells.restore(from: &input, slots: orders.slotCount)
        try responses.restore(from: &input)
        try markouts.restore(from: &input)
        try latency.restore(from: &input)
        executions = try input.word()
        unremoved = []
        for _ in 0..<(try input.count(of: 8)) { unremoved.append(try input.word()) }
    }
}
