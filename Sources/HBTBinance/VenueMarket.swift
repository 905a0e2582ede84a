/// One of the venue's three markets; each has its own paths, fields and rules.
public enum VenueMarket: String, Sendable, CaseIterable {
    case spot
    /// Linear perpetual and delivery contracts, margined in USDT or USDC.
    case usdMargined = "usdm"
    /// Inverse contracts, margined in the coin.
    case coinMargined = "coinm"

    public var isFutures: Bool { self != .spot }

    /// Where its REST calls start.
    public var pathPrefix: String {
        switch self {
        case .spot: "/api/v3"
        case .usdMargined: "/fapi/v1"
        case .coinMargined: "/dapi/v1"
        }
    }
}
