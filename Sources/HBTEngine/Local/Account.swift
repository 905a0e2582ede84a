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
        let paid = charged ?? fee.fee(amount: amount, quantity: quantity, side: side, isMaker: isMaker)
        state.fee += paid
        state.numTrades += 1
        state.tradingVolume += quantity
        state.tradingValue += amount
        return paid
    }
}
