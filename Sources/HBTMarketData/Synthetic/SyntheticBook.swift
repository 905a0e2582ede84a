/// The simulated venue's book: one signed quantity per tick (bids positive, asks negative, in lots)
/// in a ring over the ticks near the price, so that memory does not depend on how far it wanders.
///
/// Invariants: every tick ≤ `bestBid` holds a bid or nothing, every tick ≥ `bestAsk` an ask or
/// nothing, nothing lies between; both best ticks hold a quantity. `published` is what the feed has
/// said; `dirty` lists the ticks where the book may differ from it.
struct SyntheticBook {
    private(set) var bestBid: Int
    private(set) var bestAsk: Int
    /// The book reaches this many ticks from its best prices.
    let reach: Int
    private let mask: Int
    private var lots: [Int32]
    private var published: [Int32]
    /// The message number in which a tick was last marked dirty.
    private var mark: [UInt32]
    private var message: UInt32 = 1
    private(set) var dirty: [Int] = []

    init(bestBid: Int, reach: Int, touchLots: Int) {
        self.reach = reach
        // Four times the reach: a tick that has just been left is never mistaken for one just entered.
        var size = 1
        while size < 4 * reach + 64 { size *= 2 }
        mask = size - 1
        lots = .init(repeating: 0, count: size)
        published = lots
        mark = .init(repeating: 0, count: size)
        self.bestBid = bestBid
        bestAsk = bestBid + 1
        write(bestBid, Int32(touchLots))
        write(bestAsk, -Int32(touchLots))
    }

    /// Lots at a tick, whichever side.
    func size(_ tick: Int) -> Int { Int(lots[tick & mask].magnitude) }

    private mutating func write(_ tick: Int, _ signed: Int32) {
        let i = tick & mask
        guard lots[i] != signed else { return }
        lots[i] = signed
        if mark[i] != message {
            mark[i] = message
            dirty.append(tick)
        }
    }

    /// Sets a bid; it may improve the best one but not reach the best ask.
    mutating func setBid(_ tick: Int, _ size: Int) {
        precondition(tick < bestAsk, "a bid at or above the best ask would cross the book")
        write(tick, Int32(clamping: size))
        if size > 0 {
            bestBid = max(bestBid, tick)
        } else if tick == bestBid {
            repeat { bestBid -= 1 } while lots[bestBid & mask] <= 0 && bestAsk - bestBid <= reach
            if lots[bestBid & mask] <= 0 { write(bestBid, 1) }
        }
    }

    mutating func setAsk(_ tick: Int, _ size: Int) {
        precondition(tick > bestBid, "an ask at or below the best bid would cross the book")
        write(tick, -Int32(clamping: size))
        if size > 0 {
            bestAsk = min(bestAsk, tick)
        } else if tick == bestAsk {
            repeat { bestAsk += 1 } while lots[bestAsk & mask] >= 0 && bestAsk - bestBid <= reach
            if lots[bestAsk & mask] >= 0 { write(bestAsk, -1) }
        }
    }

    /// Deletes what has come to lie further away than the reach.
    mutating func trim(lowest: Int, highest: Int, from previous: (lowest: Int, highest: Int)) {
        if previous.lowest < lowest { for tick in previous.lowest..<lowest { write(tick, 0) } }
        if highest < previous.highest { for tick in (highest + 1)...previous.highest { write(tick, 0) } }
    }

    /// One change of the feed: the new total of a level, in lots.
    struct Change {
        var tick: Int
        var isBid: Bool
        var lots: Int
    }

    /// What has changed since the last message, deletions first, so that a reader who applies the
    /// changes one by one never sees a crossed book.
    mutating func publish(into changes: inout [Change]) {
        changes.removeAll(keepingCapacity: true)
        dirty.sort()
        for tick in dirty {
            let old = published[tick & mask], new = lots[tick & mask]
            if old > 0, new <= 0 { changes.append(Change(tick: tick, isBid: true, lots: 0)) }
            if old < 0, new >= 0 { changes.append(Change(tick: tick, isBid: false, lots: 0)) }
        }
        for tick in dirty {
            let old = published[tick & mask], new = lots[tick & mask]
            if old != new, new != 0 { changes.append(Change(tick: tick, isBid: new > 0, lots: Int(new.magnitude))) }
            published[tick & mask] = new
        }
        dirty.removeAll(keepingCapacity: true)
        message &+= 1
    }

    /// All levels of one side, best first; for the opening snapshot.
    func levels(isBid: Bool) -> [Change] {
        (0...reach).compactMap { d in
            let tick = isBid ? bestBid - d : bestAsk + d
            let signed = lots[tick & mask]
            return (isBid ? signed > 0 : signed < 0) ? Change(tick: tick, isBid: isBid, lots: Int(signed.magnitude)) : nil
        }
    }
}
