import HBTTypes

/// One asset's rows on the way to a graph, without a venue.
final class FactorFeed<Levels: LevelStore> {
    var stream: FeedStream
    var local: LocalSide<Levels>
    let attachment: FactorAttachment

    init(input: AssetInput, attachment: FactorAttachment, isReference: Bool, checksOrder: Bool) {
        let spec = input.spec
        stream = FeedStream(
            source: input.events, grid: Grid(tickSize: spec.tickSize, lotSize: spec.lotSize),
            feedLatencyOffsetNs: spec.feedLatencyOffsetNs, checksOrder: checksOrder)
        local = LocalSide(spec: spec, isReference: isReference, keepsTrades: false)
        if !input.initialSnapshot.isEmpty { local.book.load(snapshot: input.initialSnapshot) }
        self.attachment = attachment
        settle()
    }

    deinit {
        stream.deallocate()
        local.deallocate()
    }

    /// Time of the next local row; `.max` at the end.
    var nextNs: Int64 {
        while stream.localRows.isEmpty && !stream.ended {
            stream.readBlock()
            stream.exchangeRows.removeFirst(stream.exchangeRows.count)
        }
        return stream.localRows.isEmpty ? .max : stream.localRows.first.pointee.localNs
    }

    func process(upTo limitNs: Int64) {
        local.process(&stream.localRows, upTo: limitNs, isSingle: false, factors: attachment)
    }

    func settle() { attachment.core.pointee.probes[attachment.asset].settle(local.book) }
}
