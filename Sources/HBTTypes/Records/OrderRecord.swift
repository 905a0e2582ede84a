/// One line of the order log: a request we sent or a response we received.
@frozen
public struct OrderRecord: Equatable, Sendable {
    @frozen
    public enum Kind: UInt8, Sendable {
        case submit, cancel, modify, response
    }
    public var kind: Kind
    public var assetIndex: Int
    /// Our clock when it was sent or received.
    public var localNs: Int64
    /// The order as sent, or the message as received.
    public var order: Order

    public init(kind: Kind, assetIndex: Int, localNs: Int64, order: Order) {
        self.kind = kind
        self.assetIndex = assetIndex
        self.localNs = localNs
        self.order = order
    }
}
