import HBTBinance
import HBTSockets
import HBTTypes

/// The venue's rules of the settings' symbols; refuses where they differ.
enum SymbolCheck {
    struct Fault: Error, Equatable, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    /// - Parameter bytes: the venue's `exchangeInfo`.
    static func rules(_ bytes: [UInt8], market: VenueMarket, specs: [AssetSpec]) throws -> [SymbolRules] {
        let listed = try JSONValue.parse(bytes).array("symbols")
        return try specs.map { spec in
            let symbol = spec.symbol.uppercased()
            guard let entry = listed.first(where: { $0["symbol"]?.text == symbol }) else {
                throw Fault("\(spec.symbol): the venue does not list this symbol on \(market.rawValue)")
            }
            let rules = try SymbolRules(entry, market: market)
            try check(rules, spec)
            let status = entry["status"]?.text ?? entry["contractStatus"]?.text ?? "TRADING"
            guard status == "TRADING" else { throw Fault("\(spec.symbol): the venue does not trade it now (\(status))") }
            return rules
        }
    }

    private static func check(_ rules: SymbolRules, _ spec: AssetSpec) throws(Fault) {
        guard rules.tick.size.double == spec.tickSize else {
            throw Fault("\(spec.symbol): tick_size = \(spec.tickSize), but the venue's is \(rules.tick.size); change the settings")
        }
        guard rules.lot.size.double == spec.lotSize else {
            throw Fault("\(spec.symbol): lot_size = \(spec.lotSize), but the venue's is \(rules.lot.size); change the settings")
        }
        switch (spec.contract, rules.market) {
        case (.inverse(let size), .coinMargined):
            guard size == Double(rules.contractSize) else {
                throw Fault("\(spec.symbol): contract size = \(size), but the venue's is \(rules.contractSize); change the settings")
            }
        case (.linear(let size), .spot), (.linear(let size), .usdMargined):
            guard size == 1 else { throw Fault("\(spec.symbol): contract size = \(size), but the venue's is 1; change the settings") }
        case (.linear, .coinMargined):
            throw Fault("\(spec.symbol): COIN-M contracts are inverse; write contract = { kind = \"inverse\", size = \(rules.contractSize).0 }")
        case (.inverse, _): throw Fault("\(spec.symbol): contracts of \(rules.market.rawValue) are linear; change contract in the settings")
        }
    }
}
