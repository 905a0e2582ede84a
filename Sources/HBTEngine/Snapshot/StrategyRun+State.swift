import HBTTypes

extension StrategyRun {
    /// The whole run between two steps: clock, books, orders in flight, queue positions, account,
    /// strategy, digest and position in the data. `restore` on a run made from the same settings
    /// goes on to the same bytes.
    ///
    /// Records, orders and fills must have been drained before (`takeFills(isFinal: false)`).
    public func encode(into out: inout StateWriter) {
        out.begin("RUN3")
        backtest.encode(into: &out)
        out.put(steps)
        out.put(nextRecordNs)
        out.put(beginNs)
        out.put(openedNs != nil)
        out.put(openedNs ?? 0)
        out.put(firstClosedNs != nil)
        out.put(firstClosedNs ?? 0)
        strategy.encode(into: &out)
        out.begin("END.")
    }

    public func restore(from input: inout StateReader) throws {
        try input.expect("RUN3")
        try backtest.restore(from: &input)
        steps = try input.int64()
        nextRecordNs = try input.int64()
        beginNs = try input.int64()
        let isOpened = try input.bool(), opened = try input.int64()
        openedNs = isOpened ? opened : nil
        let wasClosed = try input.bool(), closed = try input.int64()
        firstClosedNs = wasClosed ? closed : nil
        try strategy.restore(from: &input)
        try input.expect("END.")
        guard input.isAtEnd else { throw StateError("the state goes on after its end") }
    }
}

extension Backtest {
    func encode(into out: inout StateWriter) {
        out.begin("BTST")
        out.put(assets.count)
        out.put(isReference)
        out.put(nowNs)
        out.put(isStarted)
        for asset in assets { asset.encode(into: &out) }
        out.put(factors != nil)
        settleForState()
        factors?.encode(into: &out)
        out.put(journal.digest.value)
        out.put(journal.fillCount)
        out.put(journal.requestCount)
        out.put(journal.responseCount)
        out.put(journal.pendingFills.count)
        for (fill, execution) in journal.pendingFills {
            out.put(fill)
            out.put(execution)
        }
    }

    func restore(from input: inout StateReader) throws {
        try input.expect("BTST")
        guard try input.int() == assets.count else { throw StateError("the state holds another number of assets") }
        guard try input.bool() == isReference else { throw StateError("the state was taken in another compatibility mode") }
        nowNs = try input.int64()
        isStarted = try input.bool()
        for asset in assets { try asset.restore(from: &input) }
        guard try input.bool() == (factors != nil) else {
            throw StateError(factors == nil ? "the state holds a factor graph; this run has none" : "the state holds no factor graph; this run has one")
        }
        try factors?.restore(from: &input)
        if hasTapes { followRows() }
        journal.digest = Digest(try input.word())
        journal.fillCount = try input.int64()
        journal.requestCount = try input.int64()
        journal.responseCount = try input.int64()
        journal.pendingFills = []
        for _ in 0..<(try input.count(of: StateWriter.fillBytes + 8)) {
            let fill = try input.fill()
            guard fill.assetIndex >= 0, fill.assetIndex < assets.count else { throw StateError("a fill of an unknown asset") }
            journal.pendingFills.append((fill, try input.word()))
        }
    }
}
