/// An error body of the venue: its code, its words, and the HTTP status it comes with.
public struct VenueError: Error, Equatable, Sendable, CustomStringConvertible {
    public var code: Int
    public var message: String
    public var httpStatus: Int

    public init(_ code: Int, _ message: String, httpStatus: Int = 400) {
        self.code = code
        self.message = message
        self.httpStatus = httpStatus
    }

    /// nil when `json` is no error body.
    public init?(_ json: JSONValue, httpStatus: Int) {
        guard let code = json["code"]?.integer, let message = json["msg"]?.text else { return nil }
        self.init(Int(truncatingIfNeeded: code), message, httpStatus: httpStatus)
    }

    public var description: String { "\(code) \(message)" }

    public func encode(into out: inout JSONWriter) {
        out.beginObject()
        out.field("code", Int64(code))
        out.field("msg", message)
        out.endObject()
    }

    public var json: [UInt8] {
        var out = JSONWriter(capacity: 128)
        encode(into: &out)
        return out.bytes
    }
}

/// Codes and words as the venue has them ("Error Codes" of its API documentation, spot and futures).
extension VenueError {
    public static let disconnected = VenueError(-1001, "Internal error; unable to process your request. Please try again.", httpStatus: 500)
    public static let unknown = VenueError(-1000, "An unknown error occurred while processing the request.", httpStatus: 500)
    public static let timeout = VenueError(
        -1007, "Timeout waiting for response from backend server. Send status unknown; execution status unknown.", httpStatus: 408)
    public static let serviceUnavailable = VenueError(
        -1008, "Server is currently overloaded with other requests. Please try again in a few minutes.", httpStatus: 503)
    public static let tooManyOrders = VenueError(-1015, "Too many new orders; current limit is reached.", httpStatus: 429)
    public static let badTimestamp = VenueError(-1021, "Timestamp for this request is outside of the recvWindow.")
    public static let timestampAhead = VenueError(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")
    public static let badSignature = VenueError(-1022, "Signature for this request is not valid.")
    public static let badSymbol = VenueError(-1121, "Invalid symbol.")
    public static let badInterval = VenueError(-1120, "Invalid interval.")
    public static let wouldTrigger = VenueError(-2021, "Order would immediately trigger.")
    public static let badOrderType = VenueError(-1116, "Invalid orderType.")
    public static let badSide = VenueError(-1117, "Invalid side.")
    public static let badTimeInForce = VenueError(-1115, "Invalid timeInForce.")
    public static let badListenKey = VenueError(-1125, "This listenKey does not exist.")
    public static let badRecvWindow = VenueError(-1131, "recvWindow must be less than 60000.")
    public static let tooPrecise = VenueError(-1111, "Precision is over the maximum defined for this asset.")
    public static let noDepth = VenueError(-1112, "No orders on book for symbol.")
    public static let badApiKeyFormat = VenueError(-2014, "API-key format invalid.", httpStatus: 401)
    public static let badApiKey = VenueError(-2015, "Invalid API-key, IP, or permissions for action.", httpStatus: 401)
    public static let unknownOrder = VenueError(-2011, "Unknown order sent.")
    public static let noSuchOrder = VenueError(-2013, "Order does not exist.")
    public static let insufficientBalance = VenueError(-2010, "Account has insufficient balance for requested action.")
    public static let duplicateOrder = VenueError(-2010, "Duplicate order sent.")
    public static let wouldTake = VenueError(-2010, "Order would immediately match and take.")
    public static let insufficientMargin = VenueError(-2019, "Margin is insufficient.")
    public static let reduceOnlyRejected = VenueError(-2022, "ReduceOnly Order is rejected.")
    public static let maxOrders = VenueError(-2025, "Reach max open order limit.")
    public static let badLeverage = VenueError(-4028, "Leverage is not valid.")
    public static let quantityNotPositive = VenueError(-4003, "Quantity less than zero.")
    public static let duplicateClientOrderId = VenueError(-4116, "ClientOrderId is duplicated.")
    public static let minimumNotional = VenueError(-4164, "Order's notional must be no smaller than 5 (unless you choose reduce only).")
    public static let priceNotOnTick = VenueError(-4014, "Price not increased by tick size.")
    public static let noMarginTypeChange = VenueError(-4046, "No need to change margin type.")
    public static let noPositionSideChange = VenueError(-4059, "No need to change position side.")
    public static let marketPriceBound = VenueError(-4131, "The counterparty's best price does not meet the PERCENT_PRICE filter limit.")
    public static let positionSideMismatch = VenueError(-4061, "Order's position side does not match user's setting.")
    public static let postOnlyRejected = VenueError(
        -5022, "Due to the order could not be executed as maker, the Post Only order will be rejected. The order will not be recorded in the order history")
    public static let noChangeInOrder = VenueError(-5027, "No need to modify the order.")

    public static func missing(_ parameter: String) -> VenueError {
        VenueError(-1102, "Mandatory parameter '\(parameter)' was not sent, was empty/null, or malformed.")
    }

    public static func illegal(_ parameter: String) -> VenueError {
        VenueError(-1100, "Illegal characters found in parameter '\(parameter)'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.")
    }

    public static func malformed(_ parameter: String) -> VenueError {
        VenueError(-1130, "Data sent for parameter '\(parameter)' is not valid.")
    }

    public static func filter(_ name: String) -> VenueError { VenueError(-1013, "Filter failure: \(name)") }

    public static func tooManyRequests(limit: Int, interval: String) -> VenueError {
        VenueError(
            -1003,
            "Too many requests; current limit of IP is \(limit) requests per \(interval). Please use the websocket for live updates to avoid polling the API.",
            httpStatus: 429)
    }

    public static func banned(untilMs: Int64) -> VenueError {
        VenueError(-1003, "Way too many requests; IP banned until \(untilMs). Please use the websocket for live updates to avoid bans.", httpStatus: 418)
    }

    public static func priceAbove(_ limit: WireDecimal) -> VenueError { VenueError(-4016, "Limit price can't be higher than \(limit).") }
    public static func priceBelow(_ limit: WireDecimal) -> VenueError { VenueError(-4024, "Limit price can't be lower than \(limit).") }
}
