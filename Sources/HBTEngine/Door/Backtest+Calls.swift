import HBTTypes

extension Backtest {
    /// Lets `ns` nanoseconds pass. 0 plays everything due by now; `.endOfData` leaves the clock.
    @discardableResult
    public func elapse(_ ns: Int64) -> ReturnCode {
        let code = start()
        return code == .ok ? settled(run(to: time(after: ns), wait: .nothing, stopsAtFeed: false)) : code
    }

    /// Waits for the next market row, or (when included) the next answer: `.marketFeed`,
    /// `.orderResponse`, or `.ok` after `timeoutNs`.
    @discardableResult
    public func waitNextFeed(includesResponses: Bool, timeoutNs: Int64) -> ReturnCode {
        let code = start()
        guard code == .ok else { return code }
        return settled(run(to: time(after: timeoutNs), wait: includesResponses ? .anyResponse : .nothing, stopsAtFeed: true))
    }

    /// Waits for any answer to an order; `.ok` on the answer and on time-out alike.
    @discardableResult
    public func waitOrderResponse(asset: Int, orderId: UInt64, timeoutNs: Int64) -> ReturnCode {
        if let refusal = readyToMove() { return refusal }
        return settled(run(to: time(after: timeoutNs), wait: .response(asset: asset, orderId: orderId), stopsAtFeed: false))
    }

    /// Plays everything that is left.
    @discardableResult
    public func goToEnd() -> ReturnCode {
        let code = start()
        return code == .ok ? settled(run(to: .max, wait: .nothing, stopsAtFeed: false)) : code
    }

    /// Sends an order. `price` is rounded to the nearest tick; `wait` plays until its first answer.
    @discardableResult
    public func submit(
        asset: Int, side: Side, orderId: UInt64, price: Double, quantity: Double,
        timeInForce: TimeInForce = .gtc, type: OrderType = .limit, wait: Bool = false
    ) -> ReturnCode {
        if let refusal = readyToMove() { return refusal }
        let code = with(asset) {
            $0.submit(side, orderId: orderId, price: price, quantity: quantity, timeInForce: timeInForce, type: type, at: nowNs)
        }
        return finishSending(code, asset: asset, orderId: orderId, wait: wait)
    }

    /// Changes price and open quantity of an order; the same price and no more quantity keeps its
    /// place in the queue.
    @discardableResult
    public func modify(asset: Int, orderId: UInt64, price: Double, quantity: Double, wait: Bool = false) -> ReturnCode {
        if let refusal = readyToMove() { return refusal }
        let code = assets[asset].modify(orderId: orderId, price: price, quantity: quantity, at: nowNs)
        return finishSending(code, asset: asset, orderId: orderId, wait: wait)
    }

    @discardableResult
    public func cancel(asset: Int, orderId: UInt64, wait: Bool = false) -> ReturnCode {
        if let refusal = readyToMove() { return refusal }
        let code = with(asset) { $0.cancel(orderId: orderId, at: nowNs) }
        return finishSending(code, asset: asset, orderId: orderId, wait: wait)
    }

    /// Forgets finished orders of one asset, or of all.
    public func clearInactiveOrders(asset: Int? = nil) {
        for index in 0..<assetCount where asset == nil || asset == index { with(index) { $0.clearInactiveOrders() } }
    }

    /// Empties the list of trades of one asset, or of all.
    public func clearLastTrades(asset: Int? = nil) {
        for (index, replay) in assets.enumerated() where asset == nil || asset == index { replay.clearLastTrades() }
    }

    /// Before the clock has started the reference sends at time `Int64.max`, which wraps; otherwise
    /// the first request, or wait for one, starts the clock.
    private func readyToMove() -> ReturnCode? {
        guard !isReference && !isStarted else { return nil }
        let code = start()
        return code == .ok ? nil : code
    }

    /// The reference's clock wraps, and goes back by a negative time; otherwise it does neither.
    private func time(after ns: Int64) -> Int64 {
        if isReference { return nowNs &+ ns }
        let (sum, isOverflow) = nowNs.addingReportingOverflow(max(ns, 0))
        return isOverflow ? .max : sum
    }

    private func finishSending(_ code: ReturnCode, asset: Int, orderId: UInt64, wait: Bool) -> ReturnCode {
        if hasFailed { return .dataError }
        guard code == .ok && wait else { return code }
        return settled(run(to: .max, wait: .response(asset: asset, orderId: orderId), stopsAtFeed: false))
    }
}
