import HBTTypes

extension FactorGraph {
    /// The whole state of the graph. `restore` on a graph of the same definition goes on to the
    /// same values.
    public func encode(into out: inout StateWriter) {
        settleRows?()
        settleSums()
        // Where one state is written others follow.
        for index in serialSums.indices { core.pointee.serials[index].isExactForGood = true }
        core.pointee.settleSerials()
        out.begin("FGRF")
        out.put(fingerprint)
        out.putRaw(askedWeights)
        core.pointee.encode(plan, into: &out)
    }

    /// - Throws: when the state is damaged or belongs to another definition.
    public func restore(from input: inout StateReader) throws(StateError) {
        try input.expect("FGRF")
        guard try input.word() == fingerprint else {
            throw StateError("the state belongs to another factor graph than \(definition.name); its nodes or parameters have changed")
        }
        let asked = try input.raw(Double.self)
        guard asked.count == askedWeights.count else { throw StateError("the weights of the factor graph are not whole") }
        restoreWeights(asked)
        try core.pointee.restore(plan, from: &input)
    }
}

extension FactorCore {
    func encode(_ plan: FactorPlan, into out: inout StateWriter) {
        out.put(waveNs)
        out.put(isPending)
        out.put(hasWave)
        out.put(firstWaveNs)
        out.put(lastNs)
        out.put(minDueNs)
        out.put(nextTickNs)
        out.put(exchangeNs)
        out.put(waves)
        out.putRaw(UnsafeBufferPointer(start: values, count: nodeCount))
        out.putRaw(UnsafeBufferPointer(start: due, count: nodeCount))
        out.putRaw(UnsafeBufferPointer(start: samples, count: nodeCount))
        out.putRaw(UnsafeBufferPointer(start: startNs, count: nodeCount))
        out.putRaw(UnsafeBufferPointer(start: hasValue, count: nodeCount))
        out.putRaw(UnsafeBufferPointer(start: dirty.words, count: wordCount))
        for i in 0..<assetCount { probes[i].encode(into: &out) }
        for i in plan.squares.indices { squares[i].encode(into: &out) }
        for i in plan.cubes.indices { cubes[i].encode(into: &out) }
        for i in plan.pairs.indices { pairs[i].encode(into: &out) }
        for i in plan.extremes.indices { extremes[i].encode(into: &out) }
        for i in plan.quantiles.indices { quantiles[i].encode(into: &out) }
        for i in plan.sums.indices { sums[i].encode(into: &out) }
        for i in plan.averages.indices { averages[i].encode(into: &out) }
        for i in plan.lags.indices { lags[i].encode(into: &out) }
        for i in plan.returns.indices { returns[i].encode(into: &out) }
        for i in plan.flows.indices { flows[i].encode(into: &out) }
        for i in plan.prices.indices { prices[i].encode(into: &out) }
        for i in plan.orderFlows.indices { orderFlows[i].encode(into: &out) }
        for i in plan.serials.indices { serials[i].encode(into: &out) }
    }

    mutating func restore(_ plan: FactorPlan, from input: inout StateReader) throws(StateError) {
        waveNs = try input.int64()
        isPending = try input.bool()
        hasWave = try input.bool()
        firstWaveNs = try input.int64()
        lastNs = try input.int64()
        minDueNs = try input.int64()
        nextTickNs = try input.int64()
        exchangeNs = try input.int64()
        waves = try input.int64()
        try fill(values, nodeCount, from: &input)
        try fill(due, nodeCount, from: &input)
        try fill(samples, nodeCount, from: &input)
        try fill(startNs, nodeCount, from: &input)
        let flags = try input.raw(UInt8.self)
        guard flags.count == nodeCount else { throw StateError("the state of the factor graph is not whole") }
        for i in 0..<nodeCount { hasValue[i] = flags[i] != 0 }
        try fill(dirty.words, wordCount, from: &input)
        // A bit beyond the last node would be walked into.
        if nodeCount & 63 != 0 && wordCount > 0 { dirty.words[wordCount - 1] &= 1 << UInt64(nodeCount & 63) - 1 }
        for i in 0..<assetCount { try probes[i].restore(from: &input) }
        for i in plan.squares.indices { try squares[i].restore(from: &input) }
        for i in plan.cubes.indices { try cubes[i].restore(from: &input) }
        for i in plan.pairs.indices { try pairs[i].restore(from: &input) }
        for i in plan.extremes.indices { try extremes[i].restore(from: &input) }
        for i in plan.quantiles.indices { try quantiles[i].restore(from: &input) }
        for i in plan.sums.indices { try sums[i].restore(from: &input) }
        for i in plan.averages.indices { try averages[i].restore(from: &input) }
        for i in plan.lags.indices { try lags[i].restore(from: &input) }
        for i in plan.returns.indices { try returns[i].restore(from: &input) }
        for i in plan.flows.indices { try flows[i].restore(from: &input) }
        for i in plan.prices.indices { try prices[i].restore(from: &input) }
        for i in plan.orderFlows.indices { try orderFlows[i].restore(from: &input) }
        for i in plan.serials.indices { try serials[i].restore(from: &input) }
    }

    private func fill<Element: BitwiseCopyable>(
        _ memory: UnsafeMutablePointer<Element>, _ count: Int, from input: inout StateReader
    ) throws(StateError) {
        let stored = try input.raw(Element.self)
        guard stored.count == count else { throw StateError("the state of the factor graph is not whole") }
        for i in 0..<count { memory[i] = stored[i] }
    }
}
