import HBTTypes

extension Backtest {
    /// `runTapes` for one asset whose strategy wakes at its rows: the same events in the same order,
    /// without choosing among slots.
    func runWoken(_ asset: AssetReplay, _ core: TapeCore, to targetNs: Int64, wait: Wait) -> ReturnCode {
        var targetNs = targetNs
        var result = ReturnCode.ok
        while true {
            let feedNs = core.nextLocalFeedNs, answerNs = core.exchange.responses.nextNs
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
                if core.failure != nil { return .dataError }
                let nextNs = core.nextExchangeFeedNs
                if core.exchange.responses.nextNs != answerNs || (nextNs <= limitNs && nextNs != .max) { continue }
            }
            if ns == .max || ns > targetNs {
                if feedNs <= targetNs { catchUpLocals(to: targetNs, slot: .max) }
                if dataError != nil { return .dataError }
                if ns == .max && !hasRowsLeft { return .endOfData }
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
                    result = .orderResponse
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
