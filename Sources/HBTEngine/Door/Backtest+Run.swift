import HBTTypes

extension Backtest {
    /// What a stretch of time waits for.
    enum Wait {
        case nothing
        case anyResponse
        case response(asset: Int, orderId: UInt64)
    }

    /// Loads the first rows and sets the clock to the earliest of them, once.
    ///
    /// The clock tells whether that has happened, as in the reference: there, a wait before the first
    /// call wraps the clock, and the rows are then never loaded.
    func start() -> ReturnCode {
        guard nowNs == .max else { return .ok }
        isStarted = true
        var earliest = Int64.max
        for asset in assets {
            earliest = min(earliest, asset.nextLocalFeedNs, asset.nextExchangeFeedNs)
        }
        if dataError != nil { return .dataError }
        if hasLiveFeeds && (earliest > liveKnownNs || (earliest == .max && liveKnownNs != .max)) { return .pending }
        if earliest == .max { return .endOfData }
        nowNs = earliest
        return .ok
    }

    /// Plays events in order of time up to `targetNs`.
    ///
    /// At equal times the order is: by asset, and within an asset local feed, local response,
    /// exchange feed, exchange request. Rows of one kind are taken in batches, as long as no other
    /// kind falls due in between.
    func run(to targetNs: Int64, wait: Wait, stopsAtFeed: Bool) -> ReturnCode {
        if hasTapes { return runTapes(to: targetNs, wait: wait, stopsAtFeed: stopsAtFeed) }
        var targetNs = targetNs
        var result = ReturnCode.ok
        if let stretch = suspended {
            (targetNs, result) = stretch
            suspended = nil
        }
        while true {
            // The earliest event, and the latest time its kind may run to before another is due.
            var ns = Int64.max
            var slot = -1
            var limitNs = Int64.max
            for index in 0..<assetCount {
                with(index) { asset in
                    consider(isStarted ? asset.nextLocalFeedNs : .max, 4 * index, &ns, &slot, &limitNs)
                    consider(asset.nextResponseNs, 4 * index + 1, &ns, &slot, &limitNs)
                    consider(isStarted && !isClockDriven ? asset.nextExchangeFeedNs : .max, 4 * index + 2, &ns, &slot, &limitNs)
                    consider(asset.nextRequestNs, 4 * index + 3, &ns, &slot, &limitNs)
                }
            }
            if hasFailed { return .dataError }
            if hasLiveFeeds {
                let knownNs = liveKnownNs
                if knownNs != .max {
                    if min(ns, targetNs) > knownNs || (slot < 0 && !isClockDriven) {
                        suspended = (targetNs, result)
                        return .pending
                    }
                    limitNs = min(limitNs, knownNs)
                    if slot < 0 {
                        nowNs = targetNs
                        return result
                    }
                }
            }
            if slot < 0 { return .endOfData }
            if ns > targetNs {
                nowNs = targetNs
                return result
            }
            limitNs = min(limitNs, targetNs)
            switch slot & 3 {
            case 0:
                // The first row stops the stretch at its time; the others of that time follow together.
                let isSingle = stopsAtFeed && result != .marketFeed
                with(slot >> 2) { $0.processLocalFeed(upTo: limitNs, isSingle: isSingle) }
                if stopsAtFeed {
                    targetNs = ns
                    result = .marketFeed
                }
            case 1:
                if with(slot >> 2, { takeAnswers($0, at: ns, slot: slot, wait) }) {
                    targetNs = ns
                    if stopsAtFeed { result = .orderResponse }
                }
            case 2:
                let code = with(slot >> 2) { $0.processExchangeFeed(upTo: limitNs) }
                if code != .ok { return code }
            default:
                let code = with(slot >> 2) { $0.processRequests(at: ns) }
                if code != .ok { return code }
            }
        }
    }

    /// Keeps the earliest event; ties stay with the lower slot. `limitNs` is the last time at which
    /// the winner still goes before every other event.
    @inline(__always)
    private func consider(_ candidateNs: Int64, _ candidate: Int, _ ns: inout Int64, _ slot: inout Int, _ limitNs: inout Int64) {
        guard candidateNs != .max else { return }
        if candidateNs < ns {
            // The former winner is a lower slot: it goes first at its own time.
            if slot >= 0 { limitNs = min(limitNs, ns &- 1) }
            ns = candidateNs
            slot = candidate
        } else {
            limitNs = min(limitNs, candidateNs)
        }
    }
}
