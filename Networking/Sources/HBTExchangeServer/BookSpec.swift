import HBTBinance
import HBTMarketData
import HBTPaperExchange
import HBTTypes

/// What `--book` says: `MARKET:SYMBOL[:TICK:LOT][=FILE[,FILE…]]`.
public struct BookSpec: Sendable {
    public struct Fault: Error, CustomStringConvertible {
        public let description: String
        init(_ description: String) { self.description = description }
    }

    public let market: VenueMarket
    public let symbol: String
    let tick: String
    let lot: String
    let files: [String]

    public init(_ text: String) throws(Fault) {
        let sides = text.split(separator: "=", maxSplits: 1).map(String.init)
        let parts = (sides.first ?? "").split(separator: ":").map(String.init)
        guard parts.count == 2 || parts.count == 4 else {
            throw Fault("--book \(text): MARKET:SYMBOL, perhaps :TICK:LOT, then perhaps =FILE,FILE… expected")
        }
        guard let market = VenueMarket(rawValue: parts[0]) else {
            throw Fault("--book \(text): there is no market \(parts[0]); markets are \(VenueMarket.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.market = market
        symbol = parts[1].uppercased()
        let standard = Self.standardSteps(market)
        tick = parts.count == 4 ? parts[2] : standard.tick
        lot = parts.count == 4 ? parts[3] : standard.lot
        files = sides.count == 2 ? sides[1].split(separator: ",").map(String.init) : []
    }

    private static func standardSteps(_ market: VenueMarket) -> (tick: String, lot: String) {
        switch market {
        case .spot: ("0.01", "0.00001")
        case .usdMargined: ("0.1", "0.001")
        case .coinMargined: ("0.1", "1")
        }
    }

    /// - Parameter listed: symbols of an `exchangeInfo`, whose rules go before the spec's own steps.
    public func rules(listed: [SymbolRules]) throws(Fault) -> SymbolRules {
        if let rules = listed.first(where: { $0.symbol == symbol && $0.market == market }) { return rules }
        guard let tickSize = WireStep(tick) else { throw Fault("\(symbol): \(tick) is no tick size") }
        guard let lotSize = WireStep(lot) else { throw Fault("\(symbol): \(lot) is no lot size") }
        let (base, quote) = try assets()
        var rules = SymbolRules(market: market, symbol: symbol, baseAsset: base, quoteAsset: quote, tick: tickSize, lot: lotSize)
        // The venue writes USD-M prices with at least two digits: "61800.20" on a tick of 0.10.
        if market == .usdMargined { rules.priceDigits = max(2, rules.priceDigits) }
        return rules
    }

    private func assets() throws(Fault) -> (base: String, quote: String) {
        let name = symbol.split(separator: "_").first.map(String.init) ?? symbol
        for quote in ["USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USD", "BTC", "ETH", "BNB", "EUR", "TRY"] where name.hasSuffix(quote) && name != quote {
            return (String(name.dropLast(quote.count)), quote)
        }
        throw Fault("\(symbol): cannot tell base from quote asset; give its rules with --rules")
    }

    /// The rows that move the book, again and again when `isLooped`.
    public func rows(seed: UInt64, isLooped: Bool) throws -> any EventSource {
        isLooped && !files.isEmpty ? try LoopedRows { try rows(seed: seed) } : try rows(seed: seed)
    }

    /// The rows that move the book: files, or a synthetic market when there are none.
    public func rows(seed: UInt64) throws -> any EventSource {
        guard files.isEmpty else {
            if files.allSatisfy(EventFiles.isRecording) { return try CollectorEventSource(paths: files) }
            return ChainedEventSource(files)
        }
        var parameters = MarketParameters()
        parameters.seed = seed
        parameters.tickSize = WireDecimal(tick)?.double ?? parameters.tickSize
        parameters.lotSize = WireDecimal(lot)?.double ?? parameters.lotSize
        // A year: longer than any server runs.
        parameters.durationNs = 365 * 86_400_000_000_000
        if market == .coinMargined {
            parameters.touchQuantity = 5000
            parameters.levelQuantity = 500
            parameters.orderQuantity = 80
        }
        return try MarketGenerator(parameters)
    }
}

extension BookSpec {
    /// Exchange time of the first row; nil when there is none.
    public func firstRowNs(seed: UInt64) throws -> Int64? {
        let source = try rows(seed: seed)
        let buffer = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 1024)
        defer { buffer.deallocate() }
        while true {
            let count = try source.read(into: buffer)
            guard count > 0 else { return nil }
            if let row = buffer.prefix(count).first(where: { $0.has(EventFlags.exchange) }) { return row.exchangeNs }
        }
    }
}
