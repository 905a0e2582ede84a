import HBTTypes

/// Position, cash and fees of one asset.
struct Account {
    var state = StateValues()
    let contract: ContractSpec
    let fee: FeeSpec

    init(contract: ContractSpec, fee: FeeSpec) {
        self.contract = contract
        self.fee = fee
    }

    /// Books an execution and returns its fee.
    ///
    /// The order of operations is the reference's: sums must agree in the last bit.
    /// - Parameter charged: the fee when the venue has told it.
    mutating func book(price: Double, quantity: Double, side: Side, isMaker: Bool, charged: Double? = nil) -> Double {
        let sign = Double(side.rawValue)
        let amount: Double
        switch contract {
        case .linear(let size): amount = (size * price) * quantity
        case .inverse(let size): amount = (size * quantity) / price
        }
        state.position += quantity * sign
        state.balance -= amount * sign
        let paid = charged ?? feeOf(amount: amount, quantity: quantity, side: side, isMaker: isMaker)
        state.fee += paid
        state.numTrades += 1
        state.tradingVolume += quantity
        state.tradingValue += amount
        return paid
    }

    private func feeOf(amount: Double, quantity: Double, side: Side, isMaker: Bool) -> Double {
        let rate = isMaker ? fee.maker : fee.taker
        let directional = side == .buy ? fee.buy : fee.sell
        switch fee.kind {
        case .tradingValue:
            return directional == 0 ? rate * amount : (rate + directional) * amount
        case .tradingQuantity:
            return directional == 0 ? rate * quantity : rate * quantity + directional * amount
        case .flatPerTrade:
            return directional == 0 ? rate : rate + directional * amount
        }
    }
}
