import HBTTypes

/// What the driver of a stepped session needs: times to the nanosecond, and an end at which the venue stands still.
extension LiveEngine {
    /// The first row of each asset, of an empty book at one time on both clocks: a run and a backtest of its recording
    /// begin at the earliest row of either, and count their steps from there.
    public func begin() {
        enter(nowNs)
        for asset in specs.indices {
            rows.removeAll()
            rows.append(MarketEvent(
                ev: FeedRows.both | UInt64(EventKind.depthClear), exchangeNs: nowNs, localNs: nowNs, price: .nan, quantity: 0))
            loop.rows(rows.rows, asset: asset)
        }
        leave()
    }

    /// Takes the inputs that `body` gives as received together, at exactly `ns` (later than all before), and decides once.
    ///
    /// - Parameter decides: false leaves the decision to the next input.
    public func together(at ns: Int64, decides: Bool = true, _ body: () -> Void) {
        precondition(!isGathering, "one moment at a time")
        nowNs = max(nowNs, ns)
        isGathering = true
        body()
        isGathering = false
        if decides { leave() } else { passAnswers() }
    }

    /// The strategy's run ends here, with what it has been told; orders and kill go on without it.
    ///
    /// For sessions whose venue stands still meanwhile: nothing can happen any more that the run would have to know.
    public func conclude(at ns: Int64) {
        nowNs = max(nowNs, ns)
        loop.finish(at: nowNs)
    }
}
