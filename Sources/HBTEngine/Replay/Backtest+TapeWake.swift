import HBTTypes

extension Backtest {
    /// `runTapes` for one asset: the same events in the same order, without choosing among slots.
    /// `stopsAtFeed`: rows on our clock are events of their own; otherwise they wait for the stretch's end.
    func runAlone(_ asset: AssetReplay, _ core: TapeCore, to targetNs: Int64, wait: Wait, stopsAtFeed: Bool) -> ReturnCode {
        var targetNs = targetNs
        var result = ReturnCode.ok
        while true {
            let feedNs = stopsAtFeed ? core.nextLocalFeedNs : .max, answerNs = core.nextResponseNs
            let ns = min(feedNs, answerNs, asset.nextRequestNs)
            // At the time of a row of ours or an answer the venue comes after it, at that of a request before.
            let limitNs = ns <= targetNs && (feedNs == ns || answerNs == ns) ? ns &- 1 : min(ns, targetNs)
            let venueNs = core.nextExchangeFeedNs
            if venueNs <= limitNs && venueNs != .max {
                let code = core.processExchangeFeed(upTo: limitNs)
                if code != .ok {
                    catchUpLocals(to: core.nextExchangeFeedNs, slot: 2)
                    return dataError != nil ? .dataError : code
                }
                if core.hasFailed { return .dataError }
                let nextNs = core.nextExchangeFeedNs
                if core.nextResponseNs != answerNs || (nextNs <= limitNs && nextNs != .max) { continue }
            }
            if ns == .max || ns > targetNs {
                if !stopsAtFeed || feedNs <= targetNs { core.processLocalFeed(upTo: targetNs, isSingle: false) }
                if asset.hasFailed { return .dataError }
                if ns == .max && core.isAtEnd { return .endOfData }
                nowNs = targetNs
                return result
            }
            if feedNs == ns {
                core.processLocalFeed(upTo: ns, isSingle: true)
                targetNs = ns
                result = .marketFeed
            } else if answerNs == ns {
                if takeAnswers(asset, at: ns, slot: 1, wait) {
                    targetNs = ns
                    if stopsAtFeed { result = .orderResponse }
                }
            } else {
                let code = asset.processRequests(at: ns)
                if code != .ok {
                    catchUpLocals(to: ns, slot: 3)
                    return dataError != nil ? .dataError : code
                }
            }
        }
    }

    /// Takes what arrives at `ns`; true when it is waited for.
    func takeAnswers(_ asset: AssetReplay, at ns: Int64, slot: Int, _ wait: Wait) -> Bool {
        switch wait {
        case .nothing:
            _ = asset.processResponses(at: ns, awaited: nil)
            return false
        case .anyResponse:
            return asset.processResponses(at: ns, awaited: nil)
        case .response(let wanted, let orderId):
            return asset.processResponses(at: ns, awaited: orderId) && wanted == slot >> 2
        }
    }
}
