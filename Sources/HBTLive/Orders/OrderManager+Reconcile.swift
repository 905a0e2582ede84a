import HBTTypes

extension OrderManager {
    /// Asks for everything that a reconciliation needs: at the start, after a reconnect, on a timer.
    public func startReconciliation(at ns: Int64) {
        for asset in specs.indices where budget.take(.cancel, weight: 10, at: ns) {
            actions.append(.queryOpenOrders(asset: asset))
            actions.append(.queryPosition(asset: asset))
        }
    }

    /// The venue's list of open orders of an asset.
    ///
    /// - Parameter askedNs: when the list was asked for: the list may be as old as that.
    public func openOrders(_ list: [VenueOrder], asset: Int, askedNs: Int64, at ns: Int64) {
        var listed: Set<UInt64> = []
        for found in list {
            guard case .thisRun(let number) = ids.owner(found.clientId), let m = orders[number] else {
                strangeOrder(clientId: found.clientId, asset: asset, at: ns)
                continue
            }
            listed.insert(number)
            if !m.isDone {
                described(found, number, at: ns)
                if kill != nil { cancelOurselves(number, at: ns) }
            } else if m.isGuess {
                revive(number, at: ns)
            } else if m.heardNs < askedNs {
                strangeOrder(clientId: found.clientId, asset: asset, at: ns)
            }
        }
        for number in active where !listed.contains(number) {
            guard let m = orders[number], m.asset == asset, m.heardNs < askedNs, m.sentNs < askedNs, m.queryDeadlineNs == nil, m.heldDone == nil
            else { continue }
            corrections.append(.missingOrder(asset: asset, clientId: m.clientId))
            startQuery(number, at: ns)
        }
        noteKill(isEmpty: list.allSatisfy { ids.owner($0.clientId) == .foreign }, asset: asset, askedNs: askedNs, at: ns)
    }

    /// The venue's position of an asset: taken over at the start; later only when a difference stands while nothing
    /// that would explain it is under way.
    ///
    /// - Returns: the position to tell the engine (`DecisionLoop.correct`); nil when nothing is to be changed.
    public func position(_ quantity: Double, asset: Int, at ns: Int64) -> Double? {
        let difference = quantity - positions[asset]
        guard abs(difference) > half(asset) else {
            isPositionKnown[asset] = true
            positionDoubts[asset] = nil
            return nil
        }
        if isPositionKnown[asset] {
            let isMoving = active.contains { number in
                guard let m = orders[number], m.asset == asset else { return false }
                return m.tradesDeadlineNs != nil || m.queryDeadlineNs != nil || m.heldDone != nil
            }
            let doubt = positionDoubts[asset]
            guard let doubt, !isMoving, doubt.tradeCount == tradeCounts[asset], abs(doubt.difference - difference) < half(asset) else {
                positionDoubts[asset] = PositionDoubt(difference: difference, sinceNs: ns, tradeCount: tradeCounts[asset])
                return nil
            }
            guard ns &- doubt.sinceNs >= limits.positionNs else { return nil }
        }
        corrections.append(.position(asset: asset, from: positions[asset], to: quantity))
        positions[asset] = quantity
        isPositionKnown[asset] = true
        positionDoubts[asset] = nil
        return quantity
    }
}
