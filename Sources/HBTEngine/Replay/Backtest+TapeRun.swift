import HBTTypes

extension Backtest {
    /// `run` when every asset is replayed from a tape: the same answers in the same order, with the
    /// market rows left out of the arbitration.
    ///
    /// Rows on our clock touch nothing but the local book, so they wait until the stretch is over
    /// (or are events of their own when the strategy wakes at each of them). Rows on the venue's
    /// clock matter by the answers they cause, so each venue plays up to the next message. A venue
    /// whose row fails (the reference's partial fills can) must find the others where that row is:
    /// several assets in compatibility with the reference take turns row by row (`run`), and so does
    /// whatever may answer before its cause (negative response latencies).
    func runTapes(to targetNs: Int64, wait: Wait, stopsAtFeed: Bool) -> ReturnCode {
        chooseFollowing(stopsAtFeed: stopsAtFeed)
        if let onlyTape, isStarted {
            return onlyTape.asset._withUnsafeGuaranteedRef { asset in
                onlyTape.core._withUnsafeGuaranteedRef { runAlone(asset, $0, to: targetNs, wait: wait, stopsAtFeed: stopsAtFeed) }
            }
        }
        var targetNs = targetNs
        var result = ReturnCode.ok
        while true {
            var ns = Int64.max
            var slot = -1
            for index in assets.indices {
                let asset = assets[index]
                if stopsAtFeed && isStarted { earlier(asset.nextLocalFeedNs, 4 * index, &ns, &slot) }
                earlier(asset.nextResponseNs, 4 * index + 1, &ns, &slot)
                earlier(asset.nextRequestNs, 4 * index + 3, &ns, &slot)
            }
            if isStarted {
                var isAnswered = false
                for index in assets.indices {
                    // At the time of the next message only venues that come before it play.
                    let limitNs = ns <= targetNs && 4 * index + 2 > slot ? ns &- 1 : min(ns, targetNs)
                    let asset = assets[index]
                    guard isDue(asset, limitNs) else { continue }
                    let before = asset.nextResponseNs
                    let code = asset.processExchangeFeed(upTo: limitNs)
                    if code != .ok {
                        catchUpLocals(to: asset.nextExchangeFeedNs, slot: 4 * index + 2)
                        return dataError != nil ? .dataError : code
                    }
                    // The answer may be due before the limit, or the venue may have stopped before it.
                    if asset.nextResponseNs != before || isDue(asset, limitNs) { isAnswered = true }
                }
                if dataError != nil { return .dataError }
                if isAnswered { continue }
            }
            if slot < 0 || ns > targetNs {
                catchUpLocals(to: targetNs, slot: .max)
                if dataError != nil { return .dataError }
                if slot < 0 && !hasRowsLeft { return .endOfData }
                nowNs = targetNs
                return result
            }
            let asset = assets[slot >> 2]
            switch slot & 3 {
            case 0:
                asset.processLocalFeed(upTo: ns, isSingle: true)
                targetNs = ns
                result = .marketFeed
            case 1:
                if takeAnswers(asset, at: ns, slot: slot, wait) {
                    targetNs = ns
                    if stopsAtFeed { result = .orderResponse }
                }
            default:
                let code = asset.processRequests(at: ns)
                if code != .ok {
                    catchUpLocals(to: ns, slot: slot)
                    return dataError != nil ? .dataError : code
                }
            }
        }
    }

    @inline(__always) private func isDue(_ asset: AssetReplay, _ limitNs: Int64) -> Bool {
        let ns = asset.nextExchangeFeedNs
        return ns <= limitNs && ns != .max
    }

    /// Ties stay with the lower slot.
    @inline(__always)
    private func earlier(_ candidateNs: Int64, _ candidate: Int, _ ns: inout Int64, _ slot: inout Int) {
        if candidateNs < ns {
            ns = candidateNs
            slot = candidate
        }
    }

    /// Local rows that come before (`ns`, `slot`) in the order of events.
    func catchUpLocals(to ns: Int64, slot: Int) {
        guard isStarted else { return }
        if assets.count > 1, let factors, factors.watchesRows, factors.core.pointee.followsRows {
            while followNext(to: ns, slot: slot) {}
            return
        }
        for (index, asset) in assets.enumerated() {
            asset.processLocalFeed(upTo: 4 * index <= slot ? ns : ns &- 1, isSingle: false)
        }
    }

    /// A graph over several assets sees their rows in order of time, the lower asset first: plays the
    /// first one that is due until another one is. False when none is due.
    private func followNext(to ns: Int64, slot: Int) -> Bool {
        var firstNs = Int64.max, first = -1, limitNs = Int64.max
        for (index, asset) in assets.enumerated() {
            let next = asset.nextLocalFeedNs
            guard next != .max, next <= (4 * index <= slot ? ns : ns &- 1) else { continue }
            if next < firstNs {
                if first >= 0 { limitNs = min(limitNs, firstNs &- 1) }
                (firstNs, first) = (next, index)
            } else {
                limitNs = min(limitNs, next)
            }
        }
        guard first >= 0 else { return false }
        assets[first].processLocalFeed(upTo: min(limitNs, 4 * first <= slot ? ns : ns &- 1), isSingle: false)
        return true
    }

    var hasRowsLeft: Bool {
        isStarted && assets.contains { $0.nextLocalFeedNs != .max || $0.nextExchangeFeedNs != .max }
    }
}
