import HBTTypes

/// Money in whole hundred-millionths, so that parts add up to the whole without a rest.
public struct ExactMoney: Equatable, Comparable, Sendable, CustomStringConvertible {
    public static let unit = 1e-8
    public var units: Int64

    public init(units: Int64) { self.units = units }

    /// nil when the amount is not a number, or too large to be kept to 1e-8 (above 9 × 10¹⁰).
    public init?(_ amount: Double) {
        let scaled = (amount * 1e8).rounded()
        guard scaled.isFinite, abs(scaled) < 9e18 else { return nil }
        units = Int64(scaled)
    }

    public var amount: Double { Double(units) * Self.unit }

    /// All eight decimals.
    public var description: String {
        let magnitude = units.magnitude
        let decimals = String(magnitude % 100_000_000)
        return "\(units < 0 ? "-" : "")\(magnitude / 100_000_000).\(String(repeating: "0", count: 8 - decimals.count))\(decimals)"
    }

    public static func < (a: ExactMoney, b: ExactMoney) -> Bool { a.units < b.units }
    public static func - (a: ExactMoney, b: ExactMoney) -> ExactMoney { ExactMoney(units: a.units &- b.units) }
    public static func + (a: ExactMoney, b: ExactMoney) -> ExactMoney { ExactMoney(units: a.units &+ b.units) }
}

/// What a run was worth, as a whole and order by order, all valued at the same final mid prices.
public struct RunValue: Sendable {
    /// Equity over all assets: cash, value of the position, less fees.
    public var total: ExactMoney
    /// What each order brought: its executions against the final mid, less its fees.
    public var orders: [OrderKey: OrderPart]

    public struct OrderPart: Equatable, Sendable {
        public var value = 0.0
        public var executed = 0.0
        public var orderNs: Int64 = 0
    }

    public init(total: ExactMoney, orders: [OrderKey: OrderPart] = [:]) {
        self.total = total
        self.orders = orders
    }

    /// Equity of one asset.
    public static func equity(_ state: StateValues, _ contract: ContractSpec, mid: Double) -> Double {
        // Without a position there need be no price.
        let value = state.position == 0 ? 0 : contract.value(of: state.position, at: mid)
        switch contract {
        case .linear: return state.balance + value - state.fee
        // The balance counts what was paid in base currency, with the other sign.
        case .inverse: return 0 - state.balance - value - state.fee
        }
    }

    /// What one execution brings by the end.
    static func value(side: Side, price: Double, quantity: Double, fee: Double, contract: ContractSpec, mid: Double) -> Double {
        let sign = Double(side.rawValue)
        switch contract {
        case .linear(let size): return sign * size * quantity * (mid - price) - fee
        case .inverse(let size): return sign * size * quantity * (1 / price - 1 / mid) - fee
        }
    }
}
