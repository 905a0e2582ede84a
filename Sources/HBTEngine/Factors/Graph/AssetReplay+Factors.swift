import HBTTypes

extension AssetReplay {
    func attach(_ attachment: FactorAttachment) {
        switch core {
        case .dense(let c): c.factors = attachment
        case .paged(let c): c.factors = attachment
        }
        settleFactors()
    }

    /// Brings what the graph sees of this asset up to date with the book.
    func settleFactors() {
        switch core {
        case .dense(let c): c.settleFactors()
        case .paged(let c): c.settleFactors()
        }
    }

    /// Bid less ask quantity within `lookingDepth` of the mid price, levels added one by one from the
    /// best price outward: to the last bit what the reference's example strategy sums.
    ///
    /// Its rules: a range of interest ends one tick early on both sides; on a one-sided book the ask
    /// range is empty and the bid range reaches down to the range of interest.
    func serialImbalance(_ lookingDepth: Double) -> Double {
        switch core {
        case .dense(let c): c.serialImbalance(lookingDepth, grid: grid)
        case .paged(let c): c.serialImbalance(lookingDepth, grid: grid)
        }
    }
}

extension AssetCore {
    func settleFactors() {
        guard let factors else { return }
        factors.core.pointee.probes[factors.asset].settle(local.book)
    }

    func serialImbalance(_ lookingDepth: Double, grid: Grid) -> Double {
        let book = local.book
        let mid = book.mid
        let isRanged = Levels.isRanged
        let lowest = isRanged ? book.bids.lowerTick : .min, highest = isRanged ? book.asks.upperTick : .max
        let askEnd = mid.isNaN ? Int64.min : saturatingInt((mid * (1 + lookingDepth) / grid.tickSize).rounded(.down))
        let bidEnd = mid.isNaN ? Int64.min : saturatingInt((mid * (1 - lookingDepth) / grid.tickSize).rounded(.up))
        let asks = book.asks.serialSum(from: max(book.bestAskTick, lowest), upTo: min(askEnd, highest), isDescending: false)
        let bidTop = min(book.bestBidTick, highest), bidBottom = max(bidEnd, lowest)
        guard bidTop > bidBottom else { return 0 - asks }
        return book.bids.serialSum(from: bidBottom + 1, upTo: bidTop == .max ? .max : bidTop + 1, isDescending: true) - asks
    }
}
