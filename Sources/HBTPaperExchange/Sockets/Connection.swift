import HBTBinance

/// Names a WebSocket connection for as long as the exchange runs.
public struct ConnectionID: Hashable, Sendable, CustomStringConvertible {
    public let number: Int
    public var description: String { "connection \(number)" }
}

/// What the exchange wants a connection to be told.
public struct OutgoingFrame: Equatable, Sendable {
    public enum Content: Equatable, Sendable {
        case text([UInt8])
        case ping
        /// With a WebSocket close code.
        case close(UInt16)
    }
    public var connection: ConnectionID
    public var content: Content
}

/// One open WebSocket.
struct Connection {
    enum Kind: Equatable {
        /// Payloads as they are.
        case raw
        /// Payloads in `{"stream":…,"data":…}`.
        case combined
        /// Requests and answers.
        case socketAPI
    }
    let id: ConnectionID
    let kind: Kind
    /// nil where the path does not say: a stream is looked for in each market in turn.
    let market: VenueMarket?
    var openedNs: Int64
    var nextPingNs: Int64
    var streams: [Subscription] = []
    var users: [UserSubscription] = []
    var nextSubscriptionId: Int64 = 0
    var isOpen = true
    /// Logged on: requests need neither key nor signature.
    var session: Session?

    struct Session {
        var account: Int
        var sinceMs: Int64
    }

    struct Subscription {
        /// As it was asked for.
        var name: String
        /// nil when no book has it: the venue accepts such names and sends nothing.
        var stream: StreamName?
        var books: [Int]
    }

    /// A user-data stream on this connection.
    struct UserSubscription {
        var account: Int
        var market: VenueMarket
        /// The listen key; nil when subscribed over the WebSocket API.
        var listenKey: String?
        var subscriptionId: Int64
    }
}
