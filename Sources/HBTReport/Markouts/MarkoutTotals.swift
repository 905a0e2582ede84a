import HBTTypes

/// Sums behind the mean markout of one group of fills at one horizon.
///
/// A markout is what the price did for us after a fill: positive is good. With the spread it starts
/// from our price (side × (mid − price)), without from the mid at the fill (side × (mid − midAtFill)),
/// so the difference of the two is the half spread earned or paid.
struct MarkoutTotals: Equatable, Sendable {
    /// Fills whose mid prices are known.
    private(set) var count: Int64 = 0
    private(set) var quantity = 0.0
    private(set) var withSpread = Sums()
    private(set) var withoutSpread = Sums()

    struct Sums: Equatable, Sendable {
        /// Price units and basis points of the fill price; each plain and times the quantity.
        var price = 0.0, bps = 0.0, priceQuantity = 0.0, bpsQuantity = 0.0

        mutating func add(_ markout: Double, price fillPrice: Double, quantity: Double) {
            let inBps = fillPrice == 0 ? 0 : markout / fillPrice * 1e4
            price += markout
            bps += inBps
            priceQuantity += markout * quantity
            bpsQuantity += inBps * quantity
        }

        mutating func add(_ other: Sums) {
            price += other.price
            bps += other.bps
            priceQuantity += other.priceQuantity
            bpsQuantity += other.bpsQuantity
        }
    }

    /// Fills without a mid at the fill or after it are left out, of both means alike.
    mutating func add(sign: Double, price: Double, quantity fillQuantity: Double, midAtFill: Double, midAfter: Double) {
        guard midAtFill.isFinite, midAfter.isFinite else { return }
        count += 1
        quantity += fillQuantity
        withSpread.add(sign * (midAfter - price), price: price, quantity: fillQuantity)
        withoutSpread.add(sign * (midAfter - midAtFill), price: price, quantity: fillQuantity)
    }

    mutating func add(_ other: MarkoutTotals) {
        count += other.count
        quantity += other.quantity
        withSpread.add(other.withSpread)
        withoutSpread.add(other.withoutSpread)
    }
}
