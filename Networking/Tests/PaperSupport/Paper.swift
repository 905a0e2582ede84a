import HBTBinance
import HBTExchangeServer
import HBTPaperExchange
import HBTSockets

/// A paper exchange on a loopback port with a synthetic USD-M market, BTCUSDT.
public struct Paper: Sendable {
    public static let key = "test-api-key", secret = "a-secret-that-must-not-be-printed"
    public let server: ExchangeServer
    /// Venue time of the first row.
    public let startNs: Int64
    public var port: Int { server.ports[0] }
    /// HTTPS and WSS, when a certificate was given.
    public var tlsPort: Int { server.ports[1] }

    /// - Parameters:
    ///   - port: 0 for one of the system's choice.
    ///   - ed25519: a further customer and the public key.
    ///   - faults: as `--fault` takes them.
    ///   - speed: data time per venue time.
    public init(
        port: Int = 0, certificate: ServerCertificate? = nil, isStepped: Bool = false, faults: [String] = [], seed: UInt64 = 1, isLimited: Bool = true,
        book text: String = "usdm:BTCUSDT", ed25519: (key: String, pem: String)? = nil,
        fundingEveryMs: Int64? = nil, speed: Double = 1
    ) throws {
        let book = try BookSpec(text)
        let startNs = isStepped ? try book.firstRowNs(seed: seed) ?? 0 : WallClock.nowNs()
        self.startNs = startNs
        var places = [ExchangeServer.Place(port: port)]
        if let certificate { places.append(.init(port: 0, certificate: certificate)) }
        var plan = FaultPlan()
        for fault in faults { if let wrong = plan.set(fault) { throw PaperFault(description: wrong) } }
        let made = plan
        var accounts = [PaperSettings.Account(apiKey: Self.key, secret: Self.secret)]
        if let ed25519, let key = Ed25519Key(pem: ed25519.pem) {
            accounts.append(.init(apiKey: ed25519.key, credential: .verifier { key.isSignature($1, of: $0) }))
        }
        let customers = accounts
        server = try ExchangeServer(host: "127.0.0.1", places: places, venueStartNs: startNs, isStepped: isStepped) {
            let books = [PaperSettings.Book(
                rules: try book.rules(listed: []), rows: try book.rows(seed: seed), exchange: .partialFill, makerRate: 0.0002, takerRate: 0.0005)]
            var settings = PaperSettings(
                books: books, accounts: customers,
                funds: [.init(asset: "USDT", amount: WireDecimal(mantissa: 100_000, digits: 0))], clock: ReplayClock(venueStartNs: startNs, speed: speed),
                faults: made)
            settings.enforcesLimits = isLimited
            if let fundingEveryMs { settings.funding.everyMs = fundingEveryMs }
            return try PaperExchange(settings)
        }
    }

    public func url(_ scheme: ServerURL.Scheme, _ path: String) throws -> ServerURL {
        try ServerURL("\(scheme.rawValue)://127.0.0.1:\(scheme == .https || scheme == .wss ? tlsPort : port)\(path)")
    }

    public func stop() throws { try server.stop() }
}

struct PaperFault: Error, CustomStringConvertible {
    let description: String
}
