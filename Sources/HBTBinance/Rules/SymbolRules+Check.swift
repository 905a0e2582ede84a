/// The filters that an order passes before it reaches the matching engine.
extension SymbolRules {
    /// An order's price and quantity as whole ticks and lots.
    public struct Amounts: Equatable, Sendable {
        /// 0 for a market order.
        public var priceTick: Int64
        public var lots: Int64

        public init(priceTick: Int64, lots: Int64) {
            self.priceTick = priceTick
            self.lots = lots
        }
    }

    /// Checks one order in the venue's order: precision, price, quantity, percent price, notional.
    ///
    /// - Parameters:
    ///   - price: nil for a market order.
    ///   - reference: mark price, or the last trade's on spot; nil before there is one.
    ///   - openOrders: how many the account has on this symbol already.
    public func check(
        price: WireDecimal?, quantity: WireDecimal, reference: Double?, openOrders: Int, isReduceOnly: Bool = false
    ) throws(VenueError) -> Amounts {
        guard quantity.mantissa > 0 else { throw market.isFutures ? .quantityNotPositive : .illegal("quantity") }
        guard quantity.rescaled(digits: quantityDigits) != nil else { throw .tooPrecise }
        var tickNumber: Int64 = 0
        if let price { tickNumber = try check(price: price, reference: reference) }
        guard quantity >= minQuantity, quantity <= (price == nil ? maxMarketQuantity : maxQuantity), let lots = lot.steps(quantity) else {
            if !market.isFutures || quantity < minQuantity { throw .filter("LOT_SIZE") }
            throw quantity > maxQuantity ? VenueError(-4005, "Quantity greater than max quantity.") : .tooPrecise
        }
        let value = (price?.double ?? reference ?? .infinity) * quantity.double
        if !isReduceOnly, value < minNotional.double {
            throw market.isFutures
                ? VenueError(-4164, "Order's notional must be no smaller than \(minNotional) (unless you choose reduce only).") : .filter("NOTIONAL")
        }
        if openOrders >= maxOrders { throw market.isFutures ? .maxOrders : .filter("MAX_NUM_ORDERS") }
        return Amounts(priceTick: tickNumber, lots: lots)
    }

    private func check(price: WireDecimal, reference: Double?) throws(VenueError) -> Int64 {
        guard price.mantissa > 0 else { throw market.isFutures ? VenueError(-4001, "Price less than 0.") : .filter("PRICE_FILTER") }
        guard price.rescaled(digits: max(priceDigits, Int(tick.size.digits))) != nil else { throw .tooPrecise }
        guard price >= minPrice else { throw market.isFutures ? VenueError(-4013, "Price less than min price.") : .filter("PRICE_FILTER") }
        guard price <= maxPrice else { throw market.isFutures ? VenueError(-4002, "Price greater than max price.") : .filter("PRICE_FILTER") }
        guard let tickNumber = tick.steps(price) else { throw market.isFutures ? .priceNotOnTick : .filter("PRICE_FILTER") }
        if let reference {
            let low = reference * percentDown.double, high = reference * percentUp.double
            if price.double > high {
                throw market.isFutures ? .priceAbove(rounded(high)) : .filter("PERCENT_PRICE_BY_SIDE")
            }
            if price.double < low {
                throw market.isFutures ? .priceBelow(rounded(low)) : .filter("PERCENT_PRICE_BY_SIDE")
            }
        }
        return tickNumber
    }

    private func rounded(_ price: Double) -> WireDecimal { WireDecimal(rounding: price, digits: priceDigits) ?? .zero }
}
