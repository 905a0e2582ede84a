import HBTTypes

extension Backtest {
    /// Up to when the run may play; `.max` without live feeds, or when all are closed.
    var liveKnownNs: Int64 {
        var ns = Int64.max
        for index in 0..<assetCount {
            with(index) { asset in
                if let live = asset.live { ns = min(ns, live.knownNs(offsetNs: asset.spec.feedLatencyOffsetNs)) }
            }
        }
        return ns
    }

    /// The time for which a run waits that cannot play on: its strategy's next step, when nothing comes in before. nil when
    /// it does not wait, or has not begun.
    public var pendingTargetNs: Int64? { suspended?.targetNs }

    static func checkLive(_ inputs: [AssetInput]) throws(EngineError) {
        let venues = inputs.compactMap { $0.live?.venue }
        guard venues.isEmpty || venues.count == inputs.count, venues.allSatisfy({ $0 == venues[0] }) else {
            throw EngineError("either every asset of a run is live, with the same kind of venue, or none is")
        }
    }

    /// Requests that strategies have made since the last call, by asset, each asset's in order; appended to `requests`.
    /// Only for venues outside the engine.
    public func takeLiveRequests(into requests: inout [LiveRequest]) {
        for index in 0..<assetCount {
            with(index) { asset in
                guard let outbox = asset.outbox, !outbox.requests.isEmpty else { return }
                requests.append(contentsOf: outbox.requests)
                outbox.requests.removeAll(keepingCapacity: true)
            }
        }
    }

    /// An answer of a venue outside the engine, received at `localNs`, in the engine's own words: an `Order` as the
    /// simulated venue would send it (`executionId` ≠ 0 reports an execution; `request == .rejected` refuses).
    ///
    /// - Parameter fee: what the venue charged for the execution; nil takes the settings' fees.
    public func receive(_ answer: Order, asset: Int, fee: Double? = nil, at localNs: Int64) {
        guard let outbox = assets[asset].outbox else { preconditionFailure("answers come from outside only for a venue that is outside") }
        if answer.executionId != 0 { outbox.fees.append(fee ?? .nan) }
        // Before the first row there is no clock to be late for.
        assets[asset].bounce(answer, at: nowNs == .max ? localNs : max(localNs, nowNs))
    }

    /// Sets position and balance to what the venue says they are. Counts in the digest.
    public func correct(asset: Int, position: Double, balance: Double) {
        assets[asset].account.state.position = position
        assets[asset].account.state.balance = balance
        journal.digest.add(UInt64(0x43) << 32 | UInt64(asset))
        journal.digest.add(position)
        journal.digest.add(balance)
    }
}
