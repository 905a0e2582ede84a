extension FeeSpec {
    /// The fee of one execution: quote currency, or base currency of an inverse contract; negative for a rebate.
    ///
    /// - Parameter amount: what the execution is worth, in the same currency.
    @inlinable
    public func fee(amount: Double, quantity: Double, side: Side, isMaker: Bool) -> Double {
        let rate = isMaker ? maker : taker
        let directional = side == .buy ? buy : sell
        switch kind {
        case .tradingValue: return directional == 0 ? rate * amount : (rate + directional) * amount
        case .tradingQuantity: return directional == 0 ? rate * quantity : rate * quantity + directional * amount
        case .flatPerTrade: return directional == 0 ? rate : rate + directional * amount
        }
    }
}
