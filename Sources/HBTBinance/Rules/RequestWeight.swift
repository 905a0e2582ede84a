/// What a request costs against the venue's limits, by its documentation of each endpoint.
public enum RequestWeight {
    /// Weight per minute and address that the venue allows.
    public static func limit(_ market: VenueMarket) -> Int { market == .spot ? 6000 : 2400 }

    /// Orders allowed: per 10 seconds, and per day (spot) or minute (futures).
    public static func orderLimits(_ market: VenueMarket) -> (per10s: Int, long: Int, longInterval: String) {
        market == .spot ? (100, 200_000, "DAY") : (300, 1200, "MINUTE")
    }

    /// True for requests that count as orders, too.
    public static func countsAsOrder(method: String, path: String) -> Bool {
        method == "POST" && (path.hasSuffix("/order") || path.hasSuffix("/batchOrders") || path.hasSuffix("/order/cancelReplace")
            || path.hasSuffix("/oco") || path.hasSuffix("/algoOrder"))
            || method == "PUT" && (path.hasSuffix("/order") || path.hasSuffix("/batchOrders"))
    }

    public static func weight(_ market: VenueMarket, method: String, path: String, parameters: QueryString) -> Int {
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        let hasSymbol = parameters["symbol"] != nil
        let limit = parameters["limit"].flatMap(Int.init)
        return market == .spot
            ? spot(method, name, hasSymbol: hasSymbol, limit: limit) : futures(market, method, name, hasSymbol: hasSymbol, limit: limit)
    }

    private static func spot(_ method: String, _ name: String, hasSymbol: Bool, limit: Int?) -> Int {
        switch (method, name) {
        case ("GET", "exchangeInfo"), ("GET", "account"), ("GET", "allOrders"), ("GET", "myTrades"): 20
        case ("GET", "depth"):
            switch limit ?? 100 {
            case ...100: 5
            case ...500: 25
            case ...1000: 50
            default: 250
            }
        case ("GET", "trades"), ("GET", "historicalTrades"): 25
        case ("GET", "aggTrades"), ("GET", "order"), ("GET", "orderList"): 4
        case ("GET", "openOrderList"): 6
        case ("GET", "allOrderList"): 20
        case ("GET", "klines"), ("GET", "avgPrice"): 2
        case ("GET", "24hr"): hasSymbol ? 2 : 80
        case ("GET", "bookTicker"), ("GET", "price"): hasSymbol ? 2 : 4
        case ("GET", "openOrders"): hasSymbol ? 6 : 80
        case (_, "userDataStream"): 2
        default: 1
        }
    }

    private static func futures(_ market: VenueMarket, _ method: String, _ name: String, hasSymbol: Bool, limit: Int?) -> Int {
        switch (method, name) {
        case ("GET", "depth"):
            switch limit ?? 500 {
            case ...50: 2
            case ...100: 5
            case ...500: 10
            default: 20
            }
        case ("GET", "trades"), ("GET", "account"), ("GET", "allOrders"), ("GET", "userTrades"), ("POST", "batchOrders"): 5
        case ("GET", "aggTrades"), ("GET", "historicalTrades"): 20
        case ("GET", "balance"), ("GET", "positionRisk"): market == .coinMargined ? 1 : 5
        case ("GET", "klines"):
            switch limit ?? 500 {
            case ..<100: 1
            case ..<500: 2
            case ...1000: 5
            default: 10
            }
        case ("GET", "24hr"): hasSymbol ? 1 : 40
        case ("GET", "bookTicker"): hasSymbol ? 2 : 5
        case ("GET", "price"): hasSymbol ? 1 : 2
        case ("GET", "openOrders"): hasSymbol ? 1 : 40
        case ("GET", "premiumIndex"): market == .coinMargined ? 10 : 1
        case ("POST", "countdownCancelAll"): 10
        default: 1
        }
    }
}
