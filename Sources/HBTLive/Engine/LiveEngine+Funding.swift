import HBTTypes

extension LiveEngine {
    /// The venue charged funding (negative: paid some), as its user stream says.
    public func funding(_ amount: Double, asset: Int, at ns: Int64) {
        enter(ns)
        guard amount.isFinite else { return leave() }
        loop.funding(amount, asset: asset, at: nowNs)
        leave()
    }

    /// The venue's mark price; in a paper run a rate makes this the moment at which it is paid.
    public func markPrice(_ price: Double, rate: Double = .nan, asset: Int, at ns: Int64) {
        enter(ns)
        guard price.isFinite, price > 0 else { return leave() }
        loop.markPrice(MarkRow(localNs: nowNs, markPrice: price, fundingRate: rate), asset: asset)
        leave()
    }
}
