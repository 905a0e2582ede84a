import ArgumentParser
import Dispatch
import Foundation
import HBTBinance
import HBTExchangeServer
import HBTPaperExchange

struct ExchangeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hbt exchange",
        abstract: "The paper exchange: Binance's REST and WebSocket protocols on this machine, over recorded or synthetic markets.",
        discussion: """
            Spot is under /api/v3, USD-M under /fapi, COIN-M under /dapi; streams under /ws and /stream (also /public, /market,
            /private; put /spot, /usdm or /coinm before them where a symbol trades on two markets); the WebSocket API under
            /ws-api/v3, /ws-fapi/v1 and /ws-dapi/v1. Orders meet the data through the backtest's matching.
            Without --book: BTCUSDT on USD-M and spot, BTCUSD_PERP on COIN-M, all synthetic.

            Example:  hbt exchange --port 8080 --book usdm:BTCUSDT=btcusdt.npz --account KEY:SECRET --funds USDT=10000
            """)

    @Option(help: "Address to listen on.") var host = "127.0.0.1"
    @Option(help: "Port for HTTP and WebSocket; 0 lets the system choose.") var port = 8080
    @Option(help: "Port for HTTPS and WSS with a certificate made at the start; 0 lets the system choose.") var tlsPort: Int?
    @Option(help: "A further port, as MARKET=PORT, whose stream paths mean that market when they name none. May be repeated.")
    var marketPort: [String] = []
    @Option(help: "Where to write the certificate for clients to trust.") var certificate: String?
    @Option(help: "MARKET:SYMBOL[:TICK:LOT][=FILE,…]; markets: spot, usdm, coinm; files: .npz, .npy, collector .gz. May be repeated.")
    var book: [String] = []
    @Option(help: "An exchangeInfo answer whose rules (filters, digits) count, as MARKET=FILE. May be repeated.") var rules: [String] = []
    @Option(help: "KEY:SECRET of a customer. May be repeated.") var account: [String] = []
    @Option(help: "KEY=FILE of a customer who signs with Ed25519; FILE holds the public key (PEM). May be repeated.") var ed25519: [String] = []
    @Option(help: "[MARKET:]ASSET=AMOUNT that every account starts with. May be repeated.") var funds: [String] = []
    @Option(help: "Data time per venue time: 2 plays an hour in half an hour.") var speed = 1.0
    @Flag(help: "Recorded data begin anew when they end.") var loop = false
    @Flag(help: "The clock moves only by POST /hbt/clock (advanceMs, toMs or rows) and starts with the data.") var stepped = false
    @Option(help: ArgumentHelp(
        "A fault as NAME=CHANCE, or one of seed=N, delayMs=N, clockMs=N, lifeS=N. May be repeated.",
        discussion: "Faults: \(FaultPlan.Kind.allCases.map(\.rawValue).joined(separator: ", "))."))
    var fault: [String] = []
    @Option(help: "Commission of resting orders, as a share of the value.") var maker = 0.0002
    @Option(help: "Commission of taking orders.") var taker = 0.0005
    @Option(help: "Funding of perpetual contracts as RATE[:SECONDS]: a share of the position's value, every so often; 0 for none.")
    var funding = "0.0001:28800"
    @Flag(help: "Orders fill whole at the best price, as the backtest's no_partial_fill.") var wholeFills = false
    @Option(help: "Seed of the synthetic markets.") var seed: UInt64 = 1
    @Flag(help: "Do not hold clients to the venue's request limits.") var noLimits = false

    /// SIGTERM and SIGINT end the server in order, with status 0.
    private static func stopAtSignals(_ server: ExchangeServer) {
        for number in [SIGTERM, SIGINT] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { server.close() }
            source.resume()
            sources.append(source)
        }
    }

    /// Kept for as long as the process lives; written once, before anything else runs.
    nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

    func run() throws {
        let plan = try ServerPlan(self)
        var places = [ExchangeServer.Place(port: port)]
        var schemes = ["http"]
        if let tlsPort {
            let made = try ServerCertificate(host: host)
            if let certificate { try made.certificatePEM.write(toFile: certificate, atomically: true, encoding: .utf8) }
            places.append(.init(port: tlsPort, certificate: made))
            schemes.append("https")
        }
        for (market, port) in plan.marketPorts {
            places.append(.init(port: port, market: market))
            schemes.append("http")
        }
        let server = try ExchangeServer(
            host: host, places: places, venueStartNs: plan.venueStartNs, isStepped: stepped, make: { try plan.exchange() })
        for (index, port) in server.ports.enumerated() {
            print("\(schemes[index])://\(host):\(port)" + (places[index].market.map { " \($0.rawValue)" } ?? ""))
        }
        fflush(nil)
        Self.stopAtSignals(server)
        try server.wait()
    }
}
