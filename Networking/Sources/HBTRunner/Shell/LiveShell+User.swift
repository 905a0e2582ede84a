import HBTBinance
import HBTLive
import HBTSockets
import Logging
import NIOCore

extension LiveShell {
    /// How often the venue wants to hear that a listen key is in use (it ends after 60 minutes).
    private static let keepAliveNs: Int64 = 30 * 60_000_000_000
    private static let retryNs: Int64 = 2_000_000_000

    /// Asks for a listen key, or keeps it alive.
    func keepListenKey(_ ns: Int64) {
        guard ns >= nextListenKeyNs, !isAskingForListenKey else { return }
        isAskingForListenKey = true
        nextListenKeyNs = ns &+ Self.retryNs
        let key = listenKey
        let isSpot = calls.market == .spot
        call(key == nil ? calls.listenKey("POST") : calls.listenKey("PUT", isSpot ? key : nil)) { [self] result in
            isAskingForListenKey = false
            let now = clock.nowNs
            switch result {
            case .success(let reply) where reply.status == 200:
                if key == nil {
                    guard let made = try? JSONValue.parse(reply.bytes).text("listenKey") else { return log.warning("the venue's listen key cannot be read") }
                    listenKey = made
                }
                nextListenKeyNs = now &+ Self.keepAliveNs
            case .success(let reply):
                let error = VenueAnswers.error(reply)
                log.warning("no listen key", metadata: ["status": "\(reply.status)", "answer": "\(error.map { "\($0)" } ?? "")"])
                // The key that we have is none any more.
                if key != nil, error?.code == -1125 { loseListenKey(now) }
            case .failure(let error): log.warning("no listen key", metadata: ["fault": "\(error)"])
            }
        }
    }

    private func loseListenKey(_ ns: Int64) {
        listenKey = nil
        nextListenKeyNs = ns
        user?.drop(at: ns)
        noteUser(ns)
    }

    func userEvent(_ event: SocketEvent, at ns: Int64) {
        switch event {
        case .opened:
            log.info("user stream open")
            account.streamOpened(at: ns)
            nextCompareNs = ns &+ 2_000_000_000
            engine.reconcileNow(at: ns)
            noteUser(ns)
        case .message(let bytes, _, _): userMessage(Array(bytes.readableBytesView), at: ns)
        case .alive: break
        case .closed(let code, let fault, _):
            log.warning("user stream closed", metadata: ["code": "\(code)", "fault": "\(fault.map { "\($0)" } ?? "none")"])
            // A handshake that is refused may mean that the key is none.
            if case .refused? = fault { loseListenKey(ns) }
            noteUser(ns)
        }
    }

    func noteUser(_ ns: Int64) {
        if user?.isOpen != true { account.streamClosed() }
        engine.account(fault: account.fault, at: ns)
    }

    private func userMessage(_ bytes: [UInt8], at ns: Int64) {
        let event: UserEvent
        do throws(WireFault) {
            let json = try JSONValue.parse(bytes)
            // An answer to a request over the same socket.
            if json["e"] == nil, json["data"] == nil, json["event"] == nil { return }
            event = try UserEvent(json)
        } catch {
            badMessages += 1
            log.warning("a user message cannot be read; everything is compared with the venue", metadata: ["fault": "\(error)"])
            return engine.reconcileNow(at: ns)
        }
        switch event {
        case .order(let update):
            guard let report = answers.report(update) else { return }
            orderIds.note(report.clientId, update.order.orderId)
            engine.report(report, at: ns)
        case .listenKeyExpired:
            log.warning("the venue ended the listen key; a new one is asked for")
            loseListenKey(ns)
        case .account(let update): takeFunding(update, at: ns)
        case .balances, .other: break
        }
    }

    /// The order event that a message of the user stream is: whose, and when it happened (to the millisecond).
    func cause(of event: SocketEvent) -> (asset: Int, exchangeNs: Int64)? {
        guard case .message(let bytes, _, _) = event, let json = try? JSONValue.parse(Array(bytes.readableBytesView)),
            case .order(let update)? = try? UserEvent(json), let asset = answers.asset(of: update.order.symbol)
        else { return nil }
        return (asset, update.transactionMs &* 1_000_000)
    }
}
