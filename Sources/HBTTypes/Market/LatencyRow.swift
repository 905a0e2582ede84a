/// One measured order round trip: the row of an order-latency file (32 bytes).
///
/// `exchangeNs` ≤ 0 marks a request that the venue rejected before it reached the matching engine.
@frozen
public struct LatencyRow: Equatable, Sendable {
    /// When the request was sent, our clock.
    public var requestNs: Int64
    /// When the venue acted on it, venue clock.
    public var exchangeNs: Int64
    /// When the response reached us, our clock.
    public var responseNs: Int64
    public var padding: Int64

    @inlinable
    public init(requestNs: Int64, exchangeNs: Int64, responseNs: Int64) {
        self.requestNs = requestNs
        self.exchangeNs = exchangeNs
        self.responseNs = responseNs
        self.padding = 0
    }
}

/// The order-latency files of one asset, in order; each is loaded when time reaches it.
public protocol LatencyRowSource: AnyObject {
    var fileCount: Int { get }
    /// All rows of file `index`, sorted by `requestNs`; never empty.
    func rows(ofFile index: Int) throws -> [LatencyRow]
}

/// Latency rows already in memory.
public final class ArrayLatencySource: LatencyRowSource {
    private let files: [[LatencyRow]]
    public init(_ files: [[LatencyRow]]) { self.files = files }
    public var fileCount: Int { files.count }
    public func rows(ofFile index: Int) throws -> [LatencyRow] { files[index] }
}
