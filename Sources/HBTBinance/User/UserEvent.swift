/// A message of a user-data stream.
public enum UserEvent: Equatable, Sendable {
    case order(OrderUpdate)
    case account(AccountUpdate)
    case balances(SpotAccountPosition)
    /// No more events will come on this listen key.
    case listenKeyExpired(eventMs: Int64)
    /// Well formed, but none of the above (`TRADE_LITE`, `ACCOUNT_CONFIG_UPDATE`, …); its name.
    case other(String)

    /// Accepts the bare event, a combined stream's wrapper, and the spot WebSocket API's (`event`).
    public init(_ json: JSONValue) throws(WireFault) {
        var event = json
        if json["e"] == nil, let inner = json["data"] ?? json["event"] { event = inner }
        let name = try event.text("e")
        switch name {
        case "ORDER_TRADE_UPDATE", "executionReport": self = .order(try OrderUpdate(event))
        case "ACCOUNT_UPDATE": self = .account(try AccountUpdate(event))
        case "outboundAccountPosition": self = .balances(try SpotAccountPosition(event))
        case "listenKeyExpired": self = .listenKeyExpired(eventMs: try event.integer("E"))
        default: self = .other(name)
        }
    }
}
