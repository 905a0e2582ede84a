import ArgumentParser
import Foundation
import HBTBinance
import HBTExchangeServer
import HBTPaperExchange

/// The command line, checked: everything needed to make the exchange.
struct ServerPlan: Sendable {
    private let books: [BookSpec]
    private let listed: [SymbolRules]
    private let accounts: [PaperSettings.Account]
    private let funds: [PaperSettings.Funds]
    private let faults: FaultPlan
    private let speed: Double
    private let rates: (maker: Double, taker: Double)
    private let funding: PaperSettings.Funding
    private let isWhole: Bool
    private let isLooped: Bool
    private let seed: UInt64
    private let enforcesLimits: Bool
    let venueStartNs: Int64
    let marketPorts: [(market: VenueMarket, port: Int)]

    init(_ command: ExchangeCommand) throws {
        let texts = command.book.isEmpty ? ["usdm:BTCUSDT", "spot:BTCUSDT", "coinm:BTCUSD_PERP"] : command.book
        do {
            books = try texts.map { try BookSpec($0) }
        } catch {
            throw ValidationError(String(describing: error))
        }
        marketPorts = try command.marketPort.map { text in
            let parts = text.split(separator: "=").map(String.init)
            guard parts.count == 2, let market = VenueMarket(rawValue: parts[0]), let port = Int(parts[1]), (0...65_535).contains(port) else {
                throw ValidationError("--market-port \(text): MARKET=PORT expected; markets are spot, usdm, coinm")
            }
            return (market, port)
        }
        listed = try command.rules.flatMap(Self.rules)
        let named = command.account.isEmpty && command.ed25519.isEmpty ? ["paper-key:paper-secret"] : command.account
        accounts = try named.map(Self.account) + command.ed25519.map(Self.ed25519)
        funds = try (command.funds.isEmpty ? ["USDT=100000", "BTC=10", "USDC=100000"] : command.funds).map(Self.funds)
        var plan = FaultPlan()
        for text in command.fault { if let wrong = plan.set(text) { throw ValidationError(wrong) } }
        faults = plan
        guard command.speed > 0, command.speed.isFinite else { throw ValidationError("--speed \(command.speed): a number above 0 expected") }
        for rate in [command.maker, command.taker] where !(rate.magnitude <= 0.1) { throw ValidationError("a commission of \(rate): at most 0.1 expected") }
        speed = command.speed
        rates = (command.maker, command.taker)
        funding = try Self.funding(command.funding)
        isWhole = command.wholeFills
        isLooped = command.loop
        seed = command.seed
        enforcesLimits = !command.noLimits
        if command.stepped {
            // Nothing of the session may depend on when it was started.
            venueStartNs = try Self.firstRowNs(books, seed: seed)
        } else {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            venueStartNs = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
        }
    }

    func exchange() throws -> PaperExchange {
        var made: [PaperSettings.Book] = []
        for (index, spec) in books.enumerated() {
            made.append(PaperSettings.Book(
                rules: try spec.rules(listed: listed), rows: try spec.rows(seed: seed &+ UInt64(index), isLooped: isLooped),
                exchange: isWhole ? .noPartialFill : .partialFill,
                makerRate: rates.maker, takerRate: rates.taker))
        }
        var settings = PaperSettings(
            books: made, accounts: accounts, funds: funds, clock: ReplayClock(venueStartNs: venueStartNs, speed: speed), faults: faults)
        settings.enforcesLimits = enforcesLimits
        settings.funding = funding
        return try PaperExchange(settings)
    }

    private static func firstRowNs(_ books: [BookSpec], seed: UInt64) throws -> Int64 {
        var first = Int64.max
        for (index, spec) in books.enumerated() {
            if let ns = try spec.firstRowNs(seed: seed &+ UInt64(index)) { first = min(first, ns) }
        }
        return first == .max ? 0 : first
    }

    private static func account(_ text: String) throws -> PaperSettings.Account {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw ValidationError("--account: KEY:SECRET expected") }
        return .init(apiKey: parts[0], secret: parts[1])
    }

    private static func ed25519(_ text: String) throws -> PaperSettings.Account {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw ValidationError("--ed25519: KEY=FILE expected") }
        guard let data = FileManager.default.contents(atPath: parts[1]) else { throw ValidationError("\(parts[1]): cannot be read") }
        guard let key = Ed25519Key(pem: String(decoding: data, as: UTF8.self)) else {
            throw ValidationError("\(parts[1]): is no public Ed25519 key; openssl pkey -in private.pem -pubout writes one")
        }
        return .init(apiKey: parts[0], credential: .verifier { key.isSignature($1, of: $0) })
    }

    private static func funding(_ text: String) throws -> PaperSettings.Funding {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard let rate = parts.first.flatMap({ WireDecimal($0) }), abs(rate.double) < 1, let seconds = parts.count == 2 ? Int64(parts[1]) : 28_800,
            (1...31_536_000).contains(seconds)
        else { throw ValidationError("--funding \(text): RATE[:SECONDS] expected, such as 0.0001:28800") }
        return .init(rate: rate, everyMs: seconds * 1000)
    }

    private static func funds(_ text: String) throws -> PaperSettings.Funds {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let amount = WireDecimal(parts[1]), amount.mantissa >= 0 else {
            throw ValidationError("--funds \(text): [MARKET:]ASSET=AMOUNT expected")
        }
        let place = parts[0].split(separator: ":", maxSplits: 1).map(String.init)
        guard place.count == 2 else { return .init(asset: parts[0].uppercased(), amount: amount) }
        guard let market = VenueMarket(rawValue: place[0]) else { throw ValidationError("--funds \(text): there is no market \(place[0])") }
        return .init(market: market, asset: place[1].uppercased(), amount: amount)
    }

    private static func rules(_ text: String) throws -> [SymbolRules] {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let market = VenueMarket(rawValue: parts[0]) else { throw ValidationError("--rules \(text): MARKET=FILE expected") }
        guard let data = FileManager.default.contents(atPath: parts[1]) else { throw ValidationError("\(parts[1]): cannot be read") }
        do {
            return try JSONValue.parse(Array(data)).array("symbols").map { try SymbolRules($0, market: market) }
        } catch {
            throw ValidationError("\(parts[1]): \(error)")
        }
    }
}
