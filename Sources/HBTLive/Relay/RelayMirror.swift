import HBTEngine
import HBTTypes

/// Copies all that a run is told, for a bot in another process that decides in its place.
///
/// A request is stamped twice, by the bot when it decides and by the run that passes it on; answers carry the bot's
/// stamp, by which it knows which of its requests they answer.
public final class RelayMirror {
    private struct Key: Hashable {
        var asset: Int
        var orderId: UInt64
    }
    private var out = StateWriter()
    private var isEmpty = true
    private var nextNumber: UInt64 = 0
    /// By order: the stamps of its newest requests, ours and the bot's. Gone with the order.
    private var stamps: [Key: [(ours: Int64, bots: Int64)]] = [:]

    public init() {}

    func add(_ entry: JournalEntry) {
        start()
        guard case .answer(let asset, var order, let fee, let localNs) = entry else { return out.put(entry) }
        let key = Key(asset: asset, orderId: order.orderId)
        if let stamp = stamps[key]?.last(where: { $0.ours == order.localNs }) ?? stamps[key]?.last { order.localNs = stamp.bots }
        if order.isInactive { stamps[key] = nil }
        out.put(.answer(asset: asset, order: order, fee: fee, localNs: localNs))
    }

    func add(rows: UnsafeBufferPointer<MarketEvent>, asset: Int) {
        start()
        out.put(rows: rows, asset: asset)
    }

    func passed(asset: Int, orderId: UInt64, ours: Int64, bots: Int64) {
        let key = Key(asset: asset, orderId: orderId)
        // Few requests about one order are under way at once.
        stamps[key] = (stamps[key] ?? []).suffix(7) + [(ours, bots)]
    }

    private func start() {
        guard isEmpty else { return }
        isEmpty = false
        out = RelayFrame.head(nextNumber)
        nextNumber += 1
    }

    /// The frame since the last call; nil when nothing has happened.
    func take() -> [UInt8]? {
        guard !isEmpty else { return nil }
        isEmpty = true
        return out.bytes
    }
}
