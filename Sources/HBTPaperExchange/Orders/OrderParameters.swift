import HBTBinance
import HBTTypes

/// A new order as asked for, with its words checked.
struct OrderParameters {
    var side: WireSide
    /// "LIMIT", "MARKET" or "LIMIT_MAKER".
    var type: String
    var timeInForce: TimeInForce
    var timeInForceWord: String
    var quantity: WireDecimal?
    /// Spot market orders may say how much to spend instead.
    var quoteQuantity: WireDecimal?
    var price: WireDecimal?
    var clientOrderId: String?
    var isReduceOnly: Bool
    /// `newOrderRespType`; nil for the market's default.
    var answerType: String?

    init(_ query: QueryString, market: VenueMarket) throws(VenueError) {
        guard let sideText = query["side"], !sideText.isEmpty else { throw .missing("side") }
        guard let side = WireSide(rawValue: sideText) else { throw .badSide }
        guard let type = query["type"], !type.isEmpty else { throw .missing("type") }
        self.side = side
        self.type = type
        let tif = query["timeInForce"]
        switch type {
        case "LIMIT":
            guard let word = tif else { throw .missing("timeInForce") }
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
            guard tif == nil else { throw VenueError(-1106, "Parameter 'timeInForce' sent when not required.") }
            timeInForce = .ioc
            timeInForceWord = "GTC"
        default: throw .badOrderType
        }
        quantity = try Self.number(query, "quantity")
        quoteQuantity = market == .spot && type == "MARKET" ? try Self.number(query, "quoteOrderQty") : nil
        guard quantity != nil || quoteQuantity != nil else { throw .missing("quantity") }
        price = type == "MARKET" ? nil : try Self.number(query, "price")
        if type != "MARKET" { guard price != nil else { throw .missing("price") } }
        if let id = query["newClientOrderId"], !id.isEmpty {
            guard id.utf8.count <= 36, id.utf8.allSatisfy(Self.isIdByte) else {
                throw VenueError(-1100, "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'.")
            }
            clientOrderId = id
        }
        isReduceOnly = query["reduceOnly"]?.lowercased() == "true"
        if let positionSide = query["positionSide"], positionSide != "BOTH" { throw .positionSideMismatch }
        answerType = query["newOrderRespType"]
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
