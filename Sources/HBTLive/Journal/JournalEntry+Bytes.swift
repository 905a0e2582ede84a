import HBTEngine
import HBTTypes

extension StateWriter {
    mutating func put(rows: UnsafeBufferPointer<MarketEvent>, asset: Int) {
        put(UInt8(1))
        put(asset)
        putRaw(rows)
    }

    mutating func put(_ entry: JournalEntry) {
        switch entry {
        case .start(let start):
            put(UInt8(0))
            put(start.settings)
            put(start.runId)
            put(start.isPaper)
            put(start.reorderNs)
            put(start.latencyLimitNs)
            put(start.quoteFromNs)
            putRaw(start.state)
        case .rows(let asset, let rows):
            rows.withUnsafeBufferPointer { put(rows: $0, asset: asset) }
        case .answer(let asset, let order, let fee, let localNs):
            put(UInt8(2))
            put(asset)
            put(order)
            put(fee != nil)
            put(fee ?? 0)
            put(localNs)
        case .correction(let asset, let position, let balance, let localNs):
            put(UInt8(3))
            put(asset)
            put(position)
            put(balance)
            put(localNs)
        case .clock(let localNs):
            put(UInt8(4))
            put(localNs)
        case .request(let kind, let asset, let order):
            put(UInt8(5))
            put(kind.rawValue)
            put(asset)
            put(order)
        case .mark(let mark):
            put(UInt8(6))
            put(mark.steps)
            put(mark.nowNs)
            put(mark.digest)
        case .raw(let stream, let localNs, let bytes):
            put(UInt8(7))
            put(stream)
            put(localNs)
            putRaw(bytes)
        case .note(let localNs, let text):
            put(UInt8(8))
            put(localNs)
            put(text)
        case .end(let localNs):
            put(UInt8(9))
            put(localNs)
        case .funding(let asset, let amount, let localNs):
            put(UInt8(10))
            put(asset)
            put(amount)
            put(localNs)
        case .markPrice(let asset, let row):
            put(UInt8(11))
            put(asset)
            put(row.localNs)
            put(row.markPrice)
            put(row.fundingRate)
        }
    }
}

extension StateReader {
    mutating func journalEntry() throws(StateError) -> JournalEntry {
        let kind = try byte()
        switch kind {
        case 0:
            return .start(JournalStart(
                settings: try string(), runId: try string(), isPaper: try bool(), reorderNs: try int64(), latencyLimitNs: try int64(),
                quoteFromNs: try int64(), state: try raw()))
        case 1: return .rows(asset: try int(), rows: try raw())
        case 2:
            let asset = try int(), order = try order()
            let isCharged = try bool(), fee = try double()
            return .answer(asset: asset, order: order, fee: isCharged ? fee : nil, localNs: try int64())
        case 3: return .correction(asset: try int(), position: try double(), balance: try double(), localNs: try int64())
        case 4: return .clock(localNs: try int64())
        case 5:
            guard let kind = OrderRecord.Kind(rawValue: try byte()) else { throw StateError("an unknown kind of request (byte \(offset - 1))") }
            return .request(kind, asset: try int(), order: try order())
        case 6: return .mark(JournalMark(steps: try int64(), nowNs: try int64(), digest: try word()))
        case 7: return .raw(stream: try int(), localNs: try int64(), bytes: try raw())
        case 8: return .note(localNs: try int64(), text: try string())
        case 9: return .end(localNs: try int64())
        case 10: return .funding(asset: try int(), amount: try double(), localNs: try int64())
        case 11: return .markPrice(asset: try int(), row: MarkRow(localNs: try int64(), markPrice: try double(), fundingRate: try double()))
        default: throw StateError("an unknown kind of entry, \(kind) (byte \(offset - 1))")
        }
    }
}
