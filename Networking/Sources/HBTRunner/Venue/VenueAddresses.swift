import HBTBinance
import HBTLive
import HBTSockets

/// Where a market's REST calls and streams are.
struct VenueAddresses: Sendable {
    let rest: ServerURL
    let stream: ServerURL
    /// Of the WebSocket API.
    let orders: ServerURL

    init(_ venue: VenueSettings) throws(SocketFault) {
        let (rest, stream): (String, String) =
            switch (venue.endpoint, venue.market) {
            case (.production, .spot): ("https://api.binance.com", "wss://stream.binance.com:9443")
            case (.production, .usdm): ("https://fapi.binance.com", "wss://fstream.binance.com")
            case (.production, .coinm): ("https://dapi.binance.com", "wss://dstream.binance.com")
            case (.testnet, .spot): ("https://testnet.binance.vision", "wss://stream.testnet.binance.vision")
            case (.testnet, .usdm): ("https://testnet.binancefuture.com", "wss://fstream.binancefuture.com")
            case (.testnet, .coinm): ("https://testnet.binancefuture.com", "wss://dstream.binancefuture.com")
            case (.custom, _): (venue.rest ?? "", venue.stream ?? "")
            }
        self.rest = try ServerURL(rest)
        self.stream = try ServerURL(stream)
        orders = try ServerURL(Self.orders(venue)).appending(venue.market == .spot ? "/ws-api/v3" : venue.market == .usdm ? "/ws-fapi/v1" : "/ws-dapi/v1")
    }

    private static func orders(_ venue: VenueSettings) -> String {
        switch (venue.endpoint, venue.market) {
        case (.production, .spot): "wss://ws-api.binance.com"
        case (.production, .usdm): "wss://ws-fapi.binance.com"
        case (.production, .coinm): "wss://ws-dapi.binance.com"
        case (.testnet, .spot): "wss://ws-api.testnet.binance.vision"
        case (.testnet, _): "wss://testnet.binancefuture.com"
        case (.custom, _): venue.orderStream ?? venue.stream ?? ""
        }
    }

    /// Depth changes, trades and best prices of each symbol over one connection.
    /// - Parameter hasMarks: mark prices, too, where the market has them.
    func market(_ symbols: [String], market: VenueMarket, depthNs: Int64, hasMarks: Bool = false) -> ServerURL {
        let speed = Self.speed(market: market, depthNs: depthNs)
        let names = symbols.flatMap { symbol in
            let name = symbol.lowercased()
            let marks = hasMarks && market.isFutures ? ["\(name)@markPrice@1s"] : []
            return ["\(name)@depth\(speed)", "\(name)@trade", "\(name)@bookTicker"] + marks
        }
        return stream.appending("/stream?streams=" + names.joined(separator: "/"))
    }

    func user(_ listenKey: String) -> ServerURL { stream.appending("/ws/\(QueryString.encoded(listenKey))") }

    /// The market's default speed has no suffix.
    static func speed(market: VenueMarket, depthNs: Int64) -> String {
        let ms = depthNs / 1_000_000
        return ms == (market.isFutures ? 250 : 1_000) ? "" : "@\(ms)ms"
    }

    /// Speeds (milliseconds) that a market's depth stream has.
    static func speeds(_ market: VenueMarket) -> [Int64] { market.isFutures ? [0, 100, 250, 500] : [100, 1_000] }
}

extension VenueSettings.Market {
    var wire: VenueMarket {
        switch self {
        case .spot: .spot
        case .usdm: .usdMargined
        case .coinm: .coinMargined
        }
    }
}
