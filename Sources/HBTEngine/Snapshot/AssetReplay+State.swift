import HBTTypes

extension AssetReplay {
    func encode(into out: inout StateWriter) {
        out.begin("ASST")
        orders.encode(into: &out)
        requests.encode(into: &out)
        entryLatency.encode(into: &out)
        let state = account.state
        out.put(state.position)
        out.put(state.balance)
        out.put(state.fee)
        out.put(state.numTrades)
        out.put(state.tradingVolume)
        out.put(state.tradingValue)
        out.put(orderLatency != nil)
        out.put(orderLatency?.requestNs ?? 0)
        out.put(orderLatency?.exchangeNs ?? 0)
        out.put(orderLatency?.responseNs ?? 0)
        encodeCore(into: &out)
        live?.encode(into: &out)
        if let outbox { out.putRaw(outbox.fees) }
        marks?.encode(into: &out)
    }

    func restore(from input: inout StateReader) throws {
        try input.expect("ASST")
        try orders.restore(from: &input)
        try requests.restore(from: &input)
        try entryLatency.restore(from: &input)
        var state = StateValues()
        state.position = try input.double()
        state.balance = try input.double()
        state.fee = try input.double()
        state.numTrades = try input.int64()
        state.tradingVolume = try input.double()
        state.tradingValue = try input.double()
        account.state = state
        let isKnown = try input.bool()
        let times = (try input.int64(), try input.int64(), try input.int64())
        orderLatency = isKnown ? times : nil
        try restoreCore(from: &input)
        try live?.restore(from: &input)
        if let outbox { outbox.fees = try input.raw() }
        try marks?.restore(from: &input)
    }
}

extension AssetCore {
    func encode(into out: inout StateWriter) {
        stream.encode(into: &out)
        exchange.encode(into: &out)
        local.encode(into: &out, venue: exchange.book)
    }

    func restore(from input: inout StateReader) throws {
        try stream.restore(from: &input)
        try exchange.restore(from: &input)
        try local.restore(from: &input, venue: exchange.book)
    }
}
