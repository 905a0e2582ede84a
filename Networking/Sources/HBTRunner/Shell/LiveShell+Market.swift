import HBTBinance
import HBTLive
import HBTSockets
import Logging
import NIOCore

extension LiveShell {
    func marketEvent(_ id: Int, _ event: SocketEvent, at ns: Int64) {
        switch event {
        case .opened:
            log.info("market stream open", metadata: ["connection": "\(id)", "server": "\(addresses.stream)"])
            isMarketDown = false
        case .message(let bytes, _, _): bytes.withUnsafeReadableBytes { marketMessage($0, at: ns) }
        case .alive: break
        case .closed(let code, let fault, _):
            log.warning("market stream closed", metadata: ["connection": "\(id)", "code": "\(code)", "fault": "\(fault.map { "\($0)" } ?? "none")"])
            noteMarket(ns)
        }
    }

    /// Books end when no connection carries them any more.
    private func noteMarket(_ ns: Int64) {
        guard !isMarketDown, market.allSatisfy({ !$0.isOpen }) else { return }
        isMarketDown = true
        for asset in calls.rules.indices { engine.disconnected(asset: asset, at: ns) }
    }

    private func marketMessage(_ bytes: UnsafeRawBufferPointer, at ns: Int64) {
        let message: StreamMessage
        do throws(WireFault) {
            message = try parser.parse(bytes)
        } catch {
            badMessages += 1
            return log.warning("a market message cannot be read", metadata: ["fault": "\(error)"])
        }
        switch message {
        case .depth(let depth):
            guard let asset = answers.asset(of: depth.symbol) else { return }
            let exchangeMs = depth.transactionMs ?? depth.eventMs
            let diff = DepthDiff(
                firstId: depth.firstUpdateId, lastId: depth.finalUpdateId, previousId: depth.previousFinalUpdateId, exchangeNs: exchangeMs &* 1_000_000,
                localNs: ns)
            engine.depth(diff, bids: parser.bidValues, asks: parser.askValues, asset: asset)
            publisher?.market(asset: asset)
        case .trade(let trade):
            // "NA" and the like are no trades of the market: the venue's documentation says to leave them out.
            guard let asset = answers.asset(of: trade.symbol), trade.kind ?? "MARKET" == "MARKET", trade.quantity.mantissa > 0 else { return }
            engine.trade(
                id: trade.tradeId, price: trade.price.double, quantity: trade.quantity.double, buyerIsMaker: trade.isBuyerMaker,
                exchangeNs: trade.transactionMs &* 1_000_000, asset: asset, at: ns)
            publisher?.market(asset: asset)
        case .markPrice(let mark):
            guard let asset = answers.asset(of: mark.symbol) else { return }
            let paid = funding[asset].paid(price: mark.markPrice.double, rate: mark.fundingRate.double, nextFundingMs: mark.nextFundingMs)
            // A real venue says itself what it has charged.
            if let paid, isPaper { engine.markPrice(paid.price, rate: paid.rate, asset: asset, at: ns) }
            engine.markPrice(mark.markPrice.double, asset: asset, at: ns)
        case .snapshot, .bookTicker, .aggTrade, .kline, .forceOrder, .other: break
        }
    }

    // MARK: snapshots

    func wishSnapshot(_ asset: Int) {
        let wait = clock.isStepped ? 0 : snapshots[asset].wait(at: clock.nowNs)
        guard wait > 0 else { return askSnapshot(asset) }
        client.loop.scheduleTask(in: .nanoseconds(wait)) { [weak self] in self?.askSnapshot(asset) }
    }

    private func askSnapshot(_ asset: Int) {
        // Without a stream there is nothing that a snapshot could be joined to.
        guard !isMarketDown, engine.orders.budget.take(.cancel, weight: 20, at: clock.nowNs) else { return snapshots[asset].failed(at: clock.nowNs) }
        call(calls.snapshot(asset)) { [self] result in
            let ns = clock.nowNs
            switch result {
            case .success(let reply) where reply.status == 200:
                let message = reply.body.withUnsafeReadableBytes { try? parser.parse($0) }
                guard case .snapshot(let snapshot)? = message else {
                    log.warning("a depth snapshot cannot be read", metadata: ["symbol": "\(calls.rules[asset].symbol)"])
                    return snapshots[asset].failed(at: ns)
                }
                    let exchangeMs = snapshot.transactionMs ?? snapshot.eventMs
                engine.snapshot(
                    lastId: snapshot.lastUpdateId, exchangeNs: exchangeMs.map { $0 &* 1_000_000 }, bids: parser.bidValues,
                    asks: parser.askValues, asset: asset, at: ns)
            case .success(let reply):
                log.warning("no depth snapshot", metadata: ["symbol": "\(calls.rules[asset].symbol)", "status": "\(reply.status)"])
                snapshots[asset].failed(at: ns)
            case .failure(let error):
                log.warning("no depth snapshot", metadata: ["symbol": "\(calls.rules[asset].symbol)", "fault": "\(error)"])
                snapshots[asset].failed(at: ns)
            }
        }
    }
}
