import HBTBinance

/// One level of a depth message, as doubles.
public typealias DepthLevel = HBTBinance.DepthLevel

/// The head of a depth diff: which updates it holds and when.
public struct DepthDiff: Equatable, Sendable {
    /// `U`: id of the first update in it.
    public var firstId: Int64
    /// `u`: id of the last.
    public var lastId: Int64
    /// `pu`: `u` of the message before it; futures only.
    public var previousId: Int64?
    public var exchangeNs: Int64
    public var localNs: Int64

    public init(firstId: Int64, lastId: Int64, previousId: Int64? = nil, exchangeNs: Int64, localNs: Int64) {
        self.firstId = firstId
        self.lastId = lastId
        self.previousId = previousId
        self.exchangeNs = exchangeNs
        self.localNs = localNs
    }
}

/// How a market's depth messages follow each other (Binance's documented rules).
public enum DepthRule: Sendable {
    /// Drop `u ≤ lastUpdateId`; the first has `U ≤ lastUpdateId + 1 ≤ u`; then `U = previous u + 1`.
    case spot
    /// Drop `u < lastUpdateId`; the first has `U ≤ lastUpdateId ≤ u`; then `pu = previous u`.
    case futures

    /// The diff lies wholly before a book at `bookId`.
    func isOld(_ diff: DepthDiff, _ bookId: Int64) -> Bool { self == .spot ? diff.lastId <= bookId : diff.lastId < bookId }

    /// The diff may be the first on a snapshot at `bookId`.
    func opens(_ diff: DepthDiff, _ bookId: Int64) -> Bool {
        let wanted = self == .spot ? bookId &+ 1 : bookId
        return diff.firstId <= wanted && wanted <= diff.lastId
    }

    /// The diff follows the one that ended at `bookId`.
    func follows(_ diff: DepthDiff, _ bookId: Int64) -> Bool {
        self == .spot ? diff.firstId == bookId &+ 1 : diff.previousId == bookId
    }
}
