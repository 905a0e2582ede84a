import HBTTypes

/// Lays segments out and appends them to the tape: parts, bounds of changes, index.
struct TapeLayoutWriter {
    private let sink: any TapeSink
    private var index: TapeIndexBuilder
    private var assembly = TapeAssembly()

    init(_ sink: any TapeSink, cellCount: Int) {
        self.sink = sink
        index = TapeIndexBuilder(cellCount: cellCount)
    }

    func deallocate() {
        index.deallocate()
        assembly.deallocate()
    }

    mutating func append(_ draft: TapeDraft) throws {
        let bidReach = draft.bidChanges.reach(), askReach = draft.askChanges.reach(), specialReach = draft.specials.reach()
        assembly.removeAll()
        let exchange = bidReach.withUnsafeBytes { bids in
            askReach.withUnsafeBytes { asks in
                specialReach.withUnsafeBytes { specials in
                    assembly.part(draft.head, [
                        draft.exchangeBatches.bytes, draft.specials.bytes, draft.bidChanges.bytes, draft.askChanges.bytes, bids, asks, specials,
                    ])
                }
            }
        }
        let local = assembly.part(draft.localHead, [draft.localBatches.bytes, draft.localRows.bytes, draft.trades.bytes])
        let rows = assembly.part([Int64(draft.exchangeRows.count)], [draft.exchangeRows.bytes])
        try sink.append([exchange, local, rows, index.part(draft.exchangeRows, &assembly)])
    }
}

extension TapeColumn where Element == TapeBestChange {
    fileprivate func reach() -> [TapeReach] {
        var blocks = [TapeReach](repeating: TapeReach(), count: TapeReach.blocks(count))
        for i in 0..<count { blocks[i / TapeReach.size].include(self[i].tick) }
        return blocks
    }
}

extension TapeColumn where Element == TapeSpecial {
    /// Buys reach asks, sells reach bids. Levels outside of the tape's range reach nothing inside of it.
    fileprivate func reach() -> [TapeReach] {
        var blocks = [TapeReach](repeating: TapeReach(), count: TapeReach.blocks(count))
        for i in 0..<count {
            let tick = Int32(clamping: self[i].tick)
            switch self[i].kind {
            case .buyTrade: blocks[i / TapeReach.size].highest = Swift.max(blocks[i / TapeReach.size].highest, tick)
            case .sellTrade: blocks[i / TapeReach.size].lowest = Swift.min(blocks[i / TapeReach.size].lowest, tick)
            default: break
            }
        }
        return blocks
    }
}
