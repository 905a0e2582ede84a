import HBTBinance
import HBTTypes

/// A new order as asked for, with its words checked.
struct OrderParameters {
    var side: WireSide
    /// "LIMIT", "MARKET", "LIMIT_MAKER", or a conditional type.
    var type: String
    var timeInForce: TimeInForce
    var timeInForceWord: String
    var quantity: WireDecimal?
    /// Spot market orders may say how much to spend instead.
    var quoteQuantity: WireDecimal?
    var price: WireDecimal?
    var clientOrderId: String?
    var isReduceOnly: Bool
    /// Of a conditional order; nil for any other.
    var trigger: Trigger?
    var closesPosition = false
    /// Futures; what was not sent means the only one.
    var positionSide = PositionSide.both
    /// The parameter itself was sent, whatever it says.
    var sendsReduceOnly = false
    /// `newOrderRespType`; nil for the market's default.
    var answerType: String?

    /// When a conditional order becomes one that the book sees.
    struct Trigger {
        var price: WireDecimal
        /// A stop waits for the price to run away, a take-profit for it to come.
        var isStop: Bool
        /// Watches the mark price instead of the last trade.
        var isByMark: Bool
        /// Of a trailing stop: how far behind the best price it follows, in percent. Its `price` is where it starts to; 0 for here.
        var callbackRate: WireDecimal?
    }

    /// Conditional types: whether each is a stop, and what it becomes.
    private static func conditional(_ type: String, _ market: VenueMarket) -> (isStop: Bool, isMarket: Bool)? {
        switch (type, market.isFutures) {
        case ("STOP", true), ("STOP_LOSS_LIMIT", false): (true, false)
        case ("TAKE_PROFIT", true), ("TAKE_PROFIT_LIMIT", false): (false, false)
        case ("STOP_MARKET", true): (true, true)
        case ("TAKE_PROFIT_MARKET", true), ("TAKE_PROFIT", false): (false, true)
        case ("STOP_LOSS", false), ("TRAILING_STOP_MARKET", true): (true, true)
        default: nil
        }
    }

    init(_ query: QueryString, market: VenueMarket) throws(VenueError) {
        guard let sideText = query["side"], !sideText.isEmpty else { throw .missing("side") }
        guard let side = WireSide(rawValue: sideText) else { throw .badSide }
        guard let type = query["type"], !type.isEmpty else { throw .missing("type") }
        self.side = side
        self.type = type
        let tif = query["timeInForce"]
        let conditional = Self.conditional(type, market)
        if let conditional {
            let isTrailing = type == "TRAILING_STOP_MARKET"
            let rate = isTrailing ? try Self.callbackRate(query) : nil
            var stop = try Self.number(query, "stopPrice")
            if isTrailing { stop = try Self.number(query, query["activatePrice"] == nil ? "activationPrice" : "activatePrice") ?? .zero }
            guard let stop else { throw .missing("stopPrice") }
            guard query["workingType"].map({ ["CONTRACT_PRICE", "MARK_PRICE"].contains($0) }) ?? true else { throw .malformed("workingType") }
            trigger = Trigger(price: stop, isStop: conditional.isStop, isByMark: query["workingType"] == "MARK_PRICE", callbackRate: rate)
            closesPosition = conditional.isMarket && !isTrailing && market.isFutures && query["closePosition"]?.lowercased() == "true"
        }
        // Futures stops are good till cancelled where they do not say.
        let isMarket = conditional?.isMarket ?? (type == "MARKET")
        switch conditional == nil ? type : isMarket ? "MARKET" : "LIMIT" {
        case "LIMIT":
            guard let word = tif ?? (conditional != nil && market.isFutures ? "GTC" : nil) else { throw .missing("timeInForce") }
            timeInForceWord = word
            switch word {
            case "GTC", "GTD": timeInForce = .gtc
            case "IOC": timeInForce = .ioc
            case "FOK": timeInForce = .fok
            case "GTX" where market.isFutures: timeInForce = .gtx
            default: throw .badTimeInForce
            }
        case "LIMIT_MAKER" where market == .spot:
            timeInForce = .gtx
            timeInForceWord = "GTC"
        case "MARKET":
            guard tif == nil || conditional != nil else { throw VenueError(-1106, "Parameter 'timeInForce' sent when not required.") }
            timeInForce = .ioc
            timeInForceWord = "GTC"
        default: throw .badOrderType
        }
        quantity = try Self.number(query, "quantity")
        quoteQuantity = market == .spot && type == "MARKET" ? try Self.number(query, "quoteOrderQty") : nil
        guard quantity != nil || quoteQuantity != nil || closesPosition else { throw .missing("quantity") }
        if closesPosition, quantity != nil { throw VenueError(-4136, "Target strategy invalid for orderType \(type),closePosition true") }
        price = isMarket ? nil : try Self.number(query, "price")
        if !isMarket { guard price != nil else { throw .missing("price") } }
        if let id = query["newClientOrderId"], !id.isEmpty {
            guard id.utf8.count <= 36, id.utf8.allSatisfy(Self.isIdByte) else {
                throw VenueError(-1100, "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'.")
            }
            clientOrderId = id
        }
        isReduceOnly = query["reduceOnly"]?.lowercased() == "true" || closesPosition
        if let word = query["positionSide"], !word.isEmpty {
            guard let side = PositionSide(rawValue: word) else { throw VenueError(-4060, "Invalid position side.") }
            positionSide = side
        }
        sendsReduceOnly = query["reduceOnly"] != nil
        answerType = query["newOrderRespType"]
    }

    /// 0.1 to 10 percent.
    private static func callbackRate(_ query: QueryString) throws(VenueError) -> WireDecimal {
        guard let rate = try number(query, "callbackRate") else { throw .missing("callbackRate") }
        guard rate.double >= 0.1, rate.double <= 10 else { throw .malformed("callbackRate") }
        return rate
    }

    static func number(_ query: QueryString, _ name: String) throws(VenueError) -> WireDecimal? {
        guard let text = query[name] else { return nil }
        guard !text.isEmpty else { throw .missing(name) }
        guard let value = WireDecimal(text) else { throw .illegal(name) }
        return value
    }

    private static func isIdByte(_ c: UInt8) -> Bool {
        switch c {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
