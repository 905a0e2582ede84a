/// One entry of `exchangeInfo`'s `symbols`.
extension SymbolRules {
    public init(_ json: JSONValue, market: VenueMarket) throws(WireFault) {
        var filters: [String: JSONValue] = [:]
        for filter in try json.array("filters") { filters[try filter.text("filterType")] = filter }
        guard let prices = filters["PRICE_FILTER"], let lots = filters["LOT_SIZE"] else {
            throw WireFault("a symbol without PRICE_FILTER or LOT_SIZE")
        }
        guard let tick = WireStep(try prices.decimal("tickSize")), let lot = WireStep(try lots.decimal("stepSize")) else {
            throw WireFault("a tick or lot size that is not positive")
        }
        self.init(
            market: market, symbol: try json.text("symbol"), baseAsset: try json.text("baseAsset"), quoteAsset: try json.text("quoteAsset"),
            tick: tick, lot: lot)
        marginAsset = try json.optionalText("marginAsset") ?? marginAsset
        minPrice = try prices.decimal("minPrice")
        maxPrice = try prices.decimal("maxPrice")
        minQuantity = try lots.decimal("minQty")
        maxQuantity = try lots.decimal("maxQty")
        maxMarketQuantity = maxQuantity
        if let marketLots = filters["MARKET_LOT_SIZE"] { maxMarketQuantity = try marketLots.decimal("maxQty") }
        let notional = filters["NOTIONAL"] ?? filters["MIN_NOTIONAL"]
        if let notional {
            let spotLimit = try notional.optionalDecimal("minNotional")
            minNotional = try notional.optionalDecimal("notional") ?? spotLimit ?? .zero
        }
        if let percent = filters["PERCENT_PRICE"] {
            percentUp = try percent.decimal("multiplierUp")
            percentDown = try percent.decimal("multiplierDown")
        } else if let percent = filters["PERCENT_PRICE_BY_SIDE"] {
            percentUp = try percent.decimal("bidMultiplierUp")
            percentDown = try percent.decimal("askMultiplierDown")
        }
        if let orders = filters["MAX_NUM_ORDERS"] {
            let spotLimit = try orders.optionalInteger("maxNumOrders")
            maxOrders = Int(truncatingIfNeeded: try orders.optionalInteger("limit") ?? spotLimit ?? 200)
        }
        contractSize = try json.optionalInteger("contractSize") ?? contractSize
        if market.isFutures {
            func digits(_ name: String, _ fallback: Int) throws(WireFault) -> Int {
                let value = try json.optionalInteger(name) ?? Int64(fallback)
                guard value >= 0, value <= 18 else { throw JSONValue.wrong(name) }
                return Int(value)
            }
            priceDigits = max(try digits("pricePrecision", priceDigits), Int(tick.size.digits))
            quantityDigits = max(try digits("quantityPrecision", quantityDigits), Int(lot.size.digits))
        }
    }

    public func encode(into out: inout JSONWriter) {
        out.beginObject()
        out.field("symbol", symbol)
        if market.isFutures { encodeFutures(into: &out) } else { encodeSpot(into: &out) }
        out.endObject()
    }

    private func encodeFutures(into out: inout JSONWriter) {
        out.field("pair", market == .coinMargined ? baseAsset + quoteAsset : symbol)
        out.field("contractType", "PERPETUAL")
        out.field("deliveryDate", 4_133_404_800_000)
        out.field("onboardDate", 1_569_398_400_000)
        if market == .coinMargined {
            out.field("contractStatus", "TRADING")
            out.field("contractSize", contractSize)
        } else {
            out.field("status", "TRADING")
        }
        out.field("maintMarginPercent", "2.5000")
        out.field("requiredMarginPercent", "5.0000")
        out.field("baseAsset", baseAsset)
        out.field("quoteAsset", quoteAsset)
        out.field("marginAsset", marginAsset)
        out.field("pricePrecision", Int64(priceDigits))
        out.field("quantityPrecision", Int64(quantityDigits))
        out.field("baseAssetPrecision", 8)
        out.field("quotePrecision", 8)
        out.field("underlyingType", "COIN")
        out.name("underlyingSubType")
        out.beginArray()
        out.endArray()
        out.field("triggerProtect", "0.0500")
        out.field("liquidationFee", "0.012500")
        out.field("marketTakeBound", "0.05")
        out.name("filters")
        out.beginArray()
        encodeRange(into: &out, "PRICE_FILTER", "minPrice", minPrice, "maxPrice", maxPrice, "tickSize", tick.size)
        encodeRange(into: &out, "LOT_SIZE", "minQty", minQuantity, "maxQty", maxQuantity, "stepSize", lot.size)
        encodeRange(into: &out, "MARKET_LOT_SIZE", "minQty", minQuantity, "maxQty", maxMarketQuantity, "stepSize", lot.size)
        encodeLimit(into: &out, "MAX_NUM_ORDERS", "limit", maxOrders)
        encodeLimit(into: &out, "MAX_NUM_ALGO_ORDERS", "limit", 10)
        if market == .usdMargined {
            out.beginObject()
            out.field("filterType", "MIN_NOTIONAL")
            out.field("notional", minNotional)
            out.endObject()
        }
        out.beginObject()
        out.field("filterType", "PERCENT_PRICE")
        out.field("multiplierUp", percentUp)
        out.field("multiplierDown", percentDown)
        out.field("multiplierDecimal", "4")
        out.endObject()
        out.endArray()
        encodeWords(into: &out, "orderTypes", ["LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET"])
        encodeWords(into: &out, "timeInForce", ["GTC", "IOC", "FOK", "GTX"])
    }

    private func encodeSpot(into out: inout JSONWriter) {
        out.field("status", "TRADING")
        out.field("baseAsset", baseAsset)
        out.field("baseAssetPrecision", 8)
        out.field("quoteAsset", quoteAsset)
        out.field("quotePrecision", 8)
        out.field("quoteAssetPrecision", 8)
        out.field("baseCommissionPrecision", 8)
        out.field("quoteCommissionPrecision", 8)
        encodeWords(into: &out, "orderTypes", ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"])
        out.field("icebergAllowed", false)
        out.field("ocoAllowed", true)
        out.field("otoAllowed", false)
        out.field("quoteOrderQtyMarketAllowed", false)
        out.field("allowTrailingStop", false)
        out.field("cancelReplaceAllowed", true)
        out.field("isSpotTradingAllowed", true)
        out.field("isMarginTradingAllowed", false)
        out.name("filters")
        out.beginArray()
        encodeRange(into: &out, "PRICE_FILTER", "minPrice", minPrice, "maxPrice", maxPrice, "tickSize", tick.size)
        encodeRange(into: &out, "LOT_SIZE", "minQty", minQuantity, "maxQty", maxQuantity, "stepSize", lot.size)
        encodeRange(into: &out, "MARKET_LOT_SIZE", "minQty", .zero, "maxQty", maxMarketQuantity, "stepSize", .zero)
        out.beginObject()
        out.field("filterType", "PERCENT_PRICE_BY_SIDE")
        out.field("bidMultiplierUp", percentUp)
        out.field("bidMultiplierDown", percentDown)
        out.field("askMultiplierUp", percentUp)
        out.field("askMultiplierDown", percentDown)
        out.field("avgPriceMins", 5)
        out.endObject()
        out.beginObject()
        out.field("filterType", "NOTIONAL")
        out.field("minNotional", eight(minNotional))
        out.field("applyMinToMarket", true)
        out.field("maxNotional", "9000000.00000000")
        out.field("applyMaxToMarket", false)
        out.field("avgPriceMins", 5)
        out.endObject()
        encodeLimit(into: &out, "MAX_NUM_ORDERS", "maxNumOrders", maxOrders)
        out.endArray()
        encodeWords(into: &out, "permissions", [])
        out.name("permissionSets")
        out.beginArray()
        out.beginArray()
        out.string("SPOT")
        out.endArray()
        out.endArray()
        out.field("defaultSelfTradePreventionMode", "NONE")
        encodeWords(into: &out, "allowedSelfTradePreventionModes", ["NONE"])
    }

    private func encodeRange(
        into out: inout JSONWriter, _ type: String, _ lowName: StaticString, _ low: WireDecimal, _ highName: StaticString, _ high: WireDecimal,
        _ stepName: StaticString, _ step: WireDecimal
    ) {
        out.beginObject()
        out.field("filterType", type)
        out.field(lowName, eight(low))
        out.field(highName, eight(high))
        out.field(stepName, eight(step))
        out.endObject()
    }

    private func encodeLimit(into out: inout JSONWriter, _ type: String, _ name: StaticString, _ limit: Int) {
        out.beginObject()
        out.field("filterType", type)
        out.field(name, Int64(limit))
        out.endObject()
    }

    private func encodeWords(into out: inout JSONWriter, _ name: StaticString, _ words: [String]) {
        out.name(name)
        out.beginArray()
        for word in words { out.string(word) }
        out.endArray()
    }

    /// Spot writes eight digits everywhere.
    private func eight(_ value: WireDecimal) -> WireDecimal { market == .spot ? value.rescaled(digits: 8) ?? value : value }
}
