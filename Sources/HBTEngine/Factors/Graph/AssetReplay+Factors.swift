import HBTTypes

extension AssetReplay {
    func attach(_ attachment: FactorAttachment) {
        switch core {
        case .dense(let c): c.factors = attachment
        case .paged(let c): c.factors = attachment
        case .tape(let c):
            c.factors = attachment
            c.local.keepBits()
        }
        settleFactors()
    }

    /// Brings what the graph sees of this asset up to date with the book.
    func settleFactors() {
        switch core {
        case .dense(let c): c.settleFactors()
        case .paged(let c): c.settleFactors()
        case .tape(let c): c.settleFactors()
        }
    }

    /// Brings what the graph sees of this asset up to date where rows are not followed; false when
    /// nothing has happened.
    func lookForFactors() -> Bool {
        guard let c = tape, let factors = c.factors else { return false }
        c.plane.local.keepSums()
        return factors.core.pointee.probes[factors.asset].look(&c.local.book)
    }

    /// Rows are followed from now on, or no longer.
    func followFactors(_ isFollowed: Bool) {
        guard case .tape(let c) = core else { return }
        if isFollowed { c.local.keepBits() } else { c.local.dropBits() }
    }

    /// Bid less ask quantity within `lookingDepth` of the mid price, levels added one by one from the
    /// best price outward: to the last bit what the reference's example strategy sums.
    ///
    /// Its rules: a range of interest ends one tick early on both sides; on a one-sided book the ask
    /// range is empty and the bid range reaches down to the range of interest.
    ///
    /// From a tape it may be a number near it, if `score` has use for one (`SumStandIn`).
    func serialImbalance(_ lookingDepth: Double, for score: UnsafeMutablePointer<SerialScore>) -> Double {
        switch core {
        case .dense(let c): return c.local.book.serialImbalance(lookingDepth)
        case .paged(let c): return c.local.book.serialImbalance(lookingDepth)
        case .tape(let c): return c.serialImbalance(lookingDepth, for: score)
        }
    }
}

extension AssetCore {
    func settleFactors() {
        guard let factors else { return }
        factors.core.pointee.probes[factors.asset].settle(&local.book)
    }
}

extension TapeCore {
    func serialImbalance(_ lookingDepth: Double, for score: UnsafeMutablePointer<SerialScore>) -> Double {
        if score.pointee.wantsBlocks { plane.local.keepSerialSums() } else { plane.local.keepSums() }
        guard score.pointee.takesStandIns else { return plane.local.book.serialImbalance(lookingDepth) }
        let near = plane.local.book.nearlySerialImbalance(lookingDepth)
        score.pointee.standIn = SumStandIn(error: near.error, place: plane.local.place)
        return near.value
    }

    /// What stood in for sums of `lookingDepth` gives way to the sums: another book goes through the
    /// tape from its start to where each of them was asked for.
    func settle(_ score: UnsafeMutablePointer<SerialScore>, _ lookingDepth: Double) {
        do {
            let memory = TapeBookMemory(header: header, hasSums: true)
            var past = try TapeLocal(source: source, header: header, memory: memory, keepsTrades: false)
            try score.pointee.settle { place in
                try past.process(upTo: place)
                return past.book.serialImbalance(lookingDepth)
            }
        } catch {
            preconditionFailure("a tape that has been read reads the same again: \(error)")
        }
    }

    func settleFactors() {
        guard let factors else { return }
        factors.core.pointee.probes[factors.asset].settle(&local.book)
    }
}

extension DepthBook where Levels: LevelStore {
    /// Ticks from `lower` up to, not including, `upper`, of either side; nil for no bids at all.
    typealias SerialRanges = (bids: (lower: Int64, upper: Int64)?, asks: (lower: Int64, upper: Int64))

    func serialRanges(_ lookingDepth: Double) -> SerialRanges {
        let mid = mid
        let lowest = bids.lowerTick, highest = asks.upperTick
        let askEnd = mid.isNaN ? Int64.min : saturatingInt((mid * (1 + lookingDepth) / grid.tickSize).rounded(.down))
        let bidEnd = mid.isNaN ? Int64.min : saturatingInt((mid * (1 - lookingDepth) / grid.tickSize).rounded(.up))
        let bidTop = min(bestBidTick, highest), bidBottom = max(bidEnd, lowest)
        return (bidTop > bidBottom ? (bidBottom + 1, bidTop == .max ? .max : bidTop + 1) : nil, (max(bestAskTick, lowest), min(askEnd, highest)))
    }

    func serialDifference(_ ranges: SerialRanges) -> Double {
        let askSum = asks.serialSum(from: ranges.asks.lower, upTo: ranges.asks.upper, isDescending: false)
        guard let bidTicks = ranges.bids else { return 0 - askSum }
        return bids.serialSum(from: bidTicks.lower, upTo: bidTicks.upper, isDescending: true) - askSum
    }

    func serialImbalance(_ lookingDepth: Double) -> Double { serialDifference(serialRanges(lookingDepth)) }
}
