/// Whether we know what the account has open and holds: the user stream is connected, and open orders and position of
/// every asset have been asked for and answered since.
public struct AccountHealth: Sendable {
    private var streamSinceNs: Int64?
    private var isListed: [Bool]
    private var isPlaced: [Bool]

    public init(assets: Int) {
        isListed = Array(repeating: false, count: assets)
        isPlaced = Array(repeating: false, count: assets)
    }

    public mutating func streamOpened(at ns: Int64) {
        streamSinceNs = ns
        for asset in isListed.indices { (isListed[asset], isPlaced[asset]) = (false, false) }
    }

    public mutating func streamClosed() { streamSinceNs = nil }

    /// The venue's open orders of an asset came.
    public mutating func listed(asset: Int, askedNs: Int64) { if isFresh(askedNs) { isListed[asset] = true } }

    /// The venue's position of an asset came.
    public mutating func placed(asset: Int, askedNs: Int64) { if isFresh(askedNs) { isPlaced[asset] = true } }

    /// An answer that was asked for before the stream opened may have missed what happened in between.
    private func isFresh(_ askedNs: Int64) -> Bool { streamSinceNs.map { askedNs >= $0 } ?? false }

    /// Why no order must go out; nil when it may.
    public var fault: String? {
        if streamSinceNs == nil { return "the user stream is not connected" }
        return isListed.allSatisfy { $0 } && isPlaced.allSatisfy { $0 } ? nil : "open orders and positions have not been compared with the venue's yet"
    }
}
