import HBTTypes

/// Funding payments, and positions taken away.
extension AssetReplay {
    /// Goes through mark prices and funding up to `ns`.
    func settleMarks(upTo ns: Int64) {
        while let row = marks?.take(upTo: ns) {
            guard account.state.position != 0, let mark = marks?.markPrice, mark.isFinite else { continue }
            if row.fundingRate.isFinite { pay(spec.contract.value(of: account.state.position, at: mark) * row.fundingRate) }
            if let margin = spec.margin, let price = marks?.bankruptcyPrice(margin, position: account.state.position, contract: spec.contract) {
                takeAway(at: price, fee: margin.fee, ns)
            }
        }
        if let failure = marks?.failure { fail(failure) }
    }

    /// Takes `amount` off the profit: quote currency, or base currency of an inverse contract. Counts in the digest.
    func pay(_ amount: Double) {
        // The balance of an inverse contract has the other sign: it is what was paid for the position.
        switch spec.contract {
        case .linear: account.state.balance -= amount
        case .inverse: account.state.balance += amount
        }
        marks?.fundingPaid += amount
        journal.digest.add(UInt64(0x46) << 32 | UInt64(assetIndex))
        journal.digest.add(amount)
    }

    /// The whole position goes at the price at which its margin is gone.
    private func takeAway(at price: Double, fee rate: Double, _ ns: Int64) {
        let position = account.state.position
        let side: Side = position > 0 ? .sell : .buy
        let fee = account.book(
            price: price, quantity: abs(position), side: side, isMaker: false, charged: rate * abs(spec.contract.value(of: position, at: price)))
        // Sums of executions need not cancel to the last bit.
        account.state.position = 0
        marks?.book(position: position, signed: -position, price: price, contract: spec.contract)
        journal.filled(
            FillRecord(
                assetIndex: assetIndex, orderId: MarginSpec.liquidationOrderId, side: side, isMaker: false, priceTick: grid.tick(price), price: price,
                quantity: abs(position), fee: fee, exchangeNs: ns, localNs: ns, orderNs: ns, position: 0),
            execution: 0)
    }
}

extension Backtest {
    /// Mark prices and funding up to now, on every asset that has them.
    func settled(_ code: ReturnCode) -> ReturnCode {
        guard hasMarks, nowNs != .max else { return code }
        for asset in assets { asset.settleMarks(upTo: nowNs) }
        return code
    }

    /// Newest mark price; NaN before the first, or without any.
    public func markPrice(_ asset: Int) -> Double { assets[asset].marks?.markPrice ?? .nan }

    /// Funding paid so far, less what was received: quote currency, or base currency of an inverse contract.
    public func fundingPaid(_ asset: Int) -> Double { assets[asset].marks?.fundingPaid ?? 0 }

    /// A mark price, or a funding moment, that a live run has learnt of. Only for live assets.
    public func add(mark row: MarkRow, asset: Int) {
        guard assets[asset].marks != nil else { preconditionFailure("mark prices come from outside only for live assets") }
        assets[asset].marks?.append(row)
    }

    /// Funding that the venue has charged (negative: paid out). Only for live assets. Counts in the digest.
    public func fund(asset: Int, amount: Double) {
        guard assets[asset].marks != nil else { preconditionFailure("funding is charged from outside only for live assets") }
        assets[asset].pay(amount)
    }
}
