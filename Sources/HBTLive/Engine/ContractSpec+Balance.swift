import HBTTypes

extension ContractSpec {
    /// What is added to a balance when `quantity` comes to a position at `price`, so that the profit stays what it was.
    func balance(ofPosition quantity: Double, at price: Double) -> Double {
        switch self {
        case .linear(let size): 0 - size * quantity * price
        case .inverse(let size): 0 - size * quantity / price
        }
    }
}
