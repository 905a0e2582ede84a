import HBTBinance
import HBTLive
import HBTSockets
import HBTTypes
import Logging

extension LiveShell {
    func perform(_ action: OrderAction) {
        switch action {
        case .place(let clientId, let asset, let order):
            request(.place, clientId, asset) { () throws(RequestFault) in try calls.place(clientId: clientId, asset: asset, order: order) }
        case .cancel(let clientId, let asset): request(.cancel, clientId, asset) { calls.cancel(clientId: clientId, asset: asset) }
        case .amend(let clientId, let asset, let side, let priceTick, let quantity):
            request(.amend, clientId, asset) { () throws(RequestFault) in
                try calls.amend(clientId: clientId, asset: asset, side: side, priceTick: priceTick, quantity: quantity)
            }
        case .query(let clientId, let asset): query(clientId, asset)
        case .queryTrades(let clientId, let asset): queryTrades(clientId, asset)
        case .cancelAll(let asset):
            call(calls.cancelAll(asset: asset)) { [self] in logUnlessFine($0, "cancelling everything") }
        case .queryOpenOrders(let asset): queryOpenOrders(asset)
        case .queryPosition(let asset): queryPosition(asset)
        case .countdown(let asset, let milliseconds):
            guard let request = calls.countdown(asset: asset, milliseconds: milliseconds) else { return }
            call(request) { [self] in logUnlessFine($0, "the venue's dead man's switch") }
        }
    }

    private func request(_ kind: RequestKind, _ clientId: String, _ asset: Int, _ make: () throws(RequestFault) -> VenueRequest) {
        let request: VenueRequest
        do throws(RequestFault) {
            request = try make()
        } catch {
            return engine.outcome(.refused(error.description), of: kind, clientId: clientId, at: clock.nowNs)
        }
        call(request) { [self] result in
            let ns = clock.nowNs
            let outcome = answers.outcome(result, of: kind, asset: asset, nowNs: ns)
            switch outcome {
            case .accepted: noteNumber(result, clientId)
            case .refused(let why): log.warning("refused", metadata: ["order": "\(clientId)", "why": "\(why)"])
            default: log.info("\(kind) of \(clientId): \(outcome)")
            }
            engine.outcome(outcome, of: kind, clientId: clientId, at: ns)
        }
    }

    private func noteNumber(_ result: Result<HTTPReply, any Error>, _ clientId: String) {
        guard case .success(let reply) = result, let number = try? JSONValue.parse(reply.bytes).integer("orderId") else { return }
        orderIds.note(clientId, number)
    }

    private func query(_ clientId: String, _ asset: Int) {
        call(calls.query(clientId: clientId, asset: asset)) { [self] result in
            guard case .success(let reply) = result else { return logUnlessFine(result, "asking for an order") }
            let ns = clock.nowNs
            if reply.status == 200, let order = try? WireOrder(JSONValue.parse(reply.bytes)), let found = answers.venueOrder(order, asset: asset) {
                orderIds.note(clientId, order.orderId)
                engine.queryAnswer(found, clientId: clientId, at: ns)
            } else if let code = VenueAnswers.error(reply)?.code, code == -2013 || code == -2011 {
                engine.queryAnswer(nil, clientId: clientId, at: ns)
            } else {
                logUnlessFine(result, "asking for an order")
            }
        }
    }

    private func queryTrades(_ clientId: String, _ asset: Int) {
        // The venue's list goes by its own number.
        guard let number = orderIds[clientId] else {
            return call(calls.query(clientId: clientId, asset: asset)) { [self] result in
                guard case .success(let reply) = result, reply.status == 200 else { return logUnlessFine(result, "asking for an order's number") }
                noteNumber(result, clientId)
                if orderIds[clientId] != nil { queryTrades(clientId, asset) }
            }
        }
        call(calls.trades(orderId: number, asset: asset)) { [self] result in
            guard case .success(let reply) = result, reply.status == 200, let reports = answers.trades(reply.bytes, clientId: clientId, asset: asset) else {
                return logUnlessFine(result, "asking for executions")
            }
            for report in reports { engine.report(report, at: clock.nowNs) }
        }
    }

    private func queryOpenOrders(_ asset: Int) {
        let askedNs = clock.nowNs
        call(calls.openOrders(asset: asset)) { [self] result in
            guard case .success(let reply) = result, reply.status == 200, let list = answers.openOrders(reply.bytes, asset: asset) else {
                return logUnlessFine(result, "asking for open orders")
            }
            let ns = clock.nowNs
            engine.openOrders(list, asset: asset, askedNs: askedNs, at: ns)
            account.listed(asset: asset, askedNs: askedNs)
            engine.account(fault: account.fault, at: ns)
        }
    }

    private func queryPosition(_ asset: Int, attempt: Int = 0) {
        let askedNs = clock.nowNs, versions = VenueCalls.positionVersions
        call(calls.position(asset: asset, version: versions[(positionVersion + attempt) % versions.count])) { [self] result in
            if case .success(let reply) = result, reply.status == 404 || reply.status == 410, calls.market == .usdMargined, attempt + 1 < versions.count {
                return queryPosition(asset, attempt: attempt + 1)
            }
            guard case .success(let reply) = result, reply.status == 200 else { return logUnlessFine(result, "asking for the position") }
            let ns = clock.nowNs
            positionVersion = (positionVersion + attempt) % versions.count
            do {
                let quantity = try answers.position(reply.bytes, asset: asset)
                positions[asset] = (askedNs, quantity)
                engine.position(quantity, asset: asset, at: ns)
                account.placed(asset: asset, askedNs: askedNs)
                engine.account(fault: account.fault, at: ns)
            } catch {
                log.error("the position cannot be read; no order goes out before", metadata: ["fault": "\(error)"])
            }
        }
    }

    private func logUnlessFine(_ result: Result<HTTPReply, any Error>, _ what: String) {
        switch result {
        case .success(let reply) where reply.status == 200: break
        case .success(let reply):
            log.warning("\(what) failed", metadata: ["status": "\(reply.status)", "answer": "\(VenueAnswers.error(reply).map { "\($0)" } ?? "unreadable")"])
        case .failure(let error): log.warning("\(what) failed", metadata: ["fault": "\(error)"])
        }
    }
}
