import HBTTypes

/// A book's rows in the order of the exchange's clock, one at a time.
///
/// Rows for the local side alone are passed over. A row whose time goes back is played at the time of the one before.
struct FeedCursor {
    private static let blockRows = 4096
    private let source: any EventSource
    private var block: [MarketEvent] = []
    private var head = 0
    private(set) var hasEnded = false
    /// Why reading stopped, if it failed.
    private(set) var failure: (any Error)?
    private var lastNs = Int64.min

    init(_ source: any EventSource) { self.source = source }

    /// The next row; nil at the end of the data.
    mutating func peek() -> MarketEvent? {
        while true {
            while head < block.count {
                if block[head].has(EventFlags.exchange) {
                    if block[head].exchangeNs < lastNs { block[head].exchangeNs = lastNs }
                    return block[head]
                }
                head += 1
            }
            guard !hasEnded else { return nil }
            fill()
        }
    }

    mutating func advance() {
        lastNs = block[head].exchangeNs
        head += 1
    }

    private mutating func fill() {
        let empty = MarketEvent(ev: 0, exchangeNs: 0, localNs: 0, price: 0, quantity: 0)
        block = [MarketEvent](repeating: empty, count: Self.blockRows)
        head = 0
        do {
            let count = try block.withUnsafeMutableBufferPointer { try source.read(into: $0) }
            block.removeLast(Self.blockRows - count)
            hasEnded = count == 0
        } catch {
            block = []
            failure = error
            hasEnded = true
        }
    }
}
