import HBTBinance
import HBTExchangeServer
import HBTPaperExchange
import HBTSockets

/// A paper exchange on a loopback port of the system's choice, with a synthetic USD-M market.
struct Paper {
    let server: ExchangeServer
    var port: Int { server.ports[0] }
    /// HTTPS and WSS, when a certificate was given.
    var tlsPort: Int { server.ports[1] }

    init(certificate: ServerCertificate? = nil) throws {
        let book = try BookSpec("usdm:BTCUSDT")
        let startNs = WallClock.nowNs()
        var places = [ExchangeServer.Place(port: 0)]
        if let certificate { places.append(.init(port: 0, certificate: certificate)) }
        server = try ExchangeServer(host: "127.0.0.1", places: places, venueStartNs: startNs, isStepped: false) {
            let books = [PaperSettings.Book(
                rules: try book.rules(listed: []), rows: try book.rows(seed: 1), exchange: .partialFill, makerRate: 0.0002, takerRate: 0.0005)]
            return try PaperExchange(PaperSettings(
                books: books, accounts: [.init(apiKey: "key", secret: "secret")], funds: [.init(asset: "USDT", amount: WireDecimal(mantissa: 100_000, digits: 0))],
                clock: ReplayClock(venueStartNs: startNs, speed: 1), faults: FaultPlan()))
        }
    }

    func url(_ scheme: ServerURL.Scheme, _ path: String) throws -> ServerURL {
        try ServerURL("\(scheme.rawValue)://127.0.0.1:\(scheme == .https || scheme == .wss ? tlsPort : port)\(path)")
    }
}
