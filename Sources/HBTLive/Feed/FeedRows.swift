import HBTTypes

/// Rows as the converters write them, for both sides of the engine.
public enum FeedRows {
    static let both = EventFlags.exchange | EventFlags.local

    /// A trade; `buyerIsMaker` means that the seller took.
    public static func trade(price: Double, quantity: Double, buyerIsMaker: Bool, exchangeNs: Int64, localNs: Int64) -> MarketEvent {
        let side = buyerIsMaker ? EventFlags.sell : EventFlags.buy
        return MarketEvent(ev: both | side | UInt64(EventKind.trade), exchangeNs: exchangeNs, localNs: localNs, price: price, quantity: quantity)
    }
}

/// The levels of a snapshot, waiting for the diff that joins them.
struct SnapshotLevels {
    private(set) var lastId: Int64 = 0
    private(set) var exchangeNs: Int64?
    private(set) var localNs: Int64 = 0
    private var bids: [DepthLevel] = []
    private var asks: [DepthLevel] = []

    mutating func set(
        lastId: Int64, exchangeNs: Int64?, localNs: Int64, bids: UnsafeBufferPointer<DepthLevel>, asks: UnsafeBufferPointer<DepthLevel>
    ) {
        (self.lastId, self.exchangeNs, self.localNs) = (lastId, exchangeNs, localNs)
        self.bids.removeAll(keepingCapacity: true)
        self.asks.removeAll(keepingCapacity: true)
        self.bids.append(contentsOf: bids)
        self.asks.append(contentsOf: asks)
    }

    /// A clear row a side (up to the worst level, or of everything), then the levels.
    func give(exchangeNs: Int64, localNs: Int64, clearsAll: Bool, to rows: inout RowList) {
        for (levels, side) in [(bids, EventFlags.buy), (asks, EventFlags.sell)] {
            let price = clearsAll ? .nan : levels.last?.price ?? .nan
            rows.append(MarketEvent(
                ev: FeedRows.both | side | UInt64(EventKind.depthClear), exchangeNs: exchangeNs, localNs: localNs, price: price, quantity: 0))
            levels.withUnsafeBufferPointer {
                rows.append($0, side: side, kind: EventKind.depthSnapshot, exchangeNs: exchangeNs, localNs: localNs)
            }
        }
    }
}
