import HBTBinance
import HBTLive
import HBTSockets
import HBTTypes
import NIOCore

/// From the venue's answers and user events to the order manager's words.
struct VenueAnswers: Sendable {
    let market: VenueMarket
    let rules: [SymbolRules]
    let specs: [AssetSpec]

    /// What became of a request, from its answer or from there being none.
    ///
    /// - Parameter nowNs: our clock, from which waits count.
    func outcome(_ result: Result<HTTPReply, any Error>, of kind: RequestKind, asset: Int, nowNs: Int64) -> RequestOutcome {
        switch result {
        case .failure(let error):
            // What never left cannot have been executed; a cancel is asked for again by way of the order's state.
            if let fault = error as? SocketFault, fault.isUnsent, kind != .cancel { return .refused("not sent: \(fault)") }
            if let fault = error as? RequestFault { return .refused(fault.description) }
            return .lost
        case .success(let reply):
            guard (200..<300).contains(reply.status) else { return refusal(reply, of: kind, nowNs: nowNs) }
            guard let order = try? WireOrder(JSONValue.parse(reply.bytes)), let found = venueOrder(order, asset: asset) else { return .lost }
            return .accepted(found)
        }
    }

    /// What became of each of a batch's requests, in their order.
    func outcomes(_ result: Result<HTTPReply, any Error>, of kind: RequestKind, asset: Int, count: Int, nowNs: Int64) -> [RequestOutcome] {
        guard case .success(let reply) = result, (200..<300).contains(reply.status) else {
            return Array(repeating: outcome(result, of: kind, asset: asset, nowNs: nowNs), count: count)
        }
        // A list that is none says nothing about any of them.
        guard let list = try? JSONValue.parse(reply.bytes).elements, list.count == count else { return Array(repeating: .lost, count: count) }
        return list.map { element in
            var out = JSONWriter()
            out.value(element)
            let isError = element["code"] != nil && element["orderId"] == nil
            let one = HTTPReply(status: isError ? 400 : 200, headers: [], body: ByteBuffer(bytes: out.bytes), receivedNs: reply.receivedNs)
            return outcome(.success(one), of: kind, asset: asset, nowNs: nowNs)
        }
    }

    private func refusal(_ reply: HTTPReply, of kind: RequestKind, nowNs: Int64) -> RequestOutcome {
        let error = Self.error(reply)
        if reply.status == 429 || reply.status == 418 || error?.code == -1003 || error?.code == -1015 {
            return .limited(untilNs: Self.waitUntilNs(reply, nowNs: nowNs))
        }
        guard let error, reply.status < 500, reply.status != 408 else { return .lost }
        switch error.code {
        // Codes of which the venue says that nobody knows whether the order was executed, and a doubled id: it was.
        case -1000, -1001, -1006, -1007, -4116: return .lost
        case -2011, -2013: return .unknownOrder
        // To rest only, and it would have taken: futures say so with a code, spot in words.
        case -5022: return .expired(exchangeNs: 0)
        case -2010 where kind == .place && error.message.contains("immediately match"): return .expired(exchangeNs: 0)
        default: return .refused(error.description)
        }
    }

    static func error(_ reply: HTTPReply) -> VenueError? {
        (try? JSONValue.parse(reply.bytes)).flatMap { VenueError($0, httpStatus: reply.status) }
    }

    /// When the venue takes requests again: as it says, otherwise in ten seconds.
    static func waitUntilNs(_ reply: HTTPReply, nowNs: Int64) -> Int64 {
        let seconds = reply.header("retry-after").flatMap { Int64($0) } ?? 10
        return nowNs &+ min(max(seconds, 1), 86_400) &* 1_000_000_000
    }

    // MARK: orders

    func asset(of symbol: String) -> Int? { rules.firstIndex { $0.symbol == symbol } }

    /// nil when a number in it is none of ours.
    func venueOrder(_ order: WireOrder, asset: Int) -> VenueOrder? {
        guard order.symbol == rules[asset].symbol, let tick = tick(order.price, asset) else { return nil }
        return VenueOrder(
            clientId: order.clientOrderId, asset: asset, side: order.side == .buy ? .buy : .sell, status: Self.status(order.status), priceTick: tick,
            quantity: order.originalQuantity.double, executed: order.executedQuantity.double, exchangeNs: order.updateMs &* 1_000_000)
    }

    private static func status(_ status: WireOrderStatus) -> VenueOrder.Status {
        switch status {
        case .new, .pendingNew, .pendingCancel: .new
        case .partiallyFilled: .partiallyFilled
        case .filled: .filled
        case .canceled: .cancelled
        case .rejected: .rejected
        case .expired, .expiredInMatch: .expired
        }
    }

    private func tick(_ price: WireDecimal, _ asset: Int) -> Int64? {
        let tick = (price.double / specs[asset].tickSize).rounded()
        return tick.magnitude < 9e15 ? Int64(tick) : nil
    }

    /// The list of `openOrders`; nil when it is none.
    func openOrders(_ bytes: [UInt8], asset: Int) -> [VenueOrder]? {
        guard let list = try? JSONValue.parse(bytes).elements else { return nil }
        var orders: [VenueOrder] = []
        for entry in list {
            guard let order = try? WireOrder(entry), let found = venueOrder(order, asset: asset) else { return nil }
            orders.append(found)
        }
        return orders
    }

    /// Net position, base currency or contracts; on spot what the account holds of the base asset.
    func position(_ bytes: [UInt8], asset: Int) throws -> Double {
        let json = try JSONValue.parse(bytes)
        if market == .spot {
            for balance in try json.array("balances") where try balance.text("asset") == rules[asset].baseAsset {
                return try balance.decimal("free").double + balance.decimal("locked").double
            }
            return 0
        }
        guard let list = json.elements else { throw WireFault("a list of positions expected") }
        var position = 0.0
        for entry in list where try entry.text("symbol") == rules[asset].symbol {
            let amount = try entry.decimal("positionAmt").double
            guard (try? entry.text("positionSide")) ?? "BOTH" == "BOTH" || amount == 0 else {
                throw WireFault("the account is in hedge mode; switch it to one-way mode")
            }
            position += amount
        }
        return position
    }

    // MARK: executions

    /// A line of the user stream; nil when it is about another symbol or nothing that counts.
    func report(_ update: OrderUpdate) -> ExecutionReport? {
        guard let asset = asset(of: update.order.symbol), let kind = Self.kind(update), let tick = tick(update.order.price, asset),
            let tradeTick = self.tick(update.lastPrice, asset)
        else { return nil }
        let order = update.order
        let isCancel = kind == .cancelled && !update.originalClientOrderId.isEmpty
        return ExecutionReport(
            kind: kind, clientId: isCancel ? update.originalClientOrderId : order.clientOrderId, asset: asset, priceTick: tick,
            quantity: order.originalQuantity.double, executed: order.executedQuantity.double, tradeId: update.tradeId, tradeTick: tradeTick,
            tradeQuantity: update.lastQuantity.double, isMaker: update.isMaker,
            fee: fee(update.commission, update.commissionAsset, asset), exchangeNs: update.transactionMs &* 1_000_000)
    }

    private static func kind(_ update: OrderUpdate) -> ExecutionReport.Kind? {
        switch update.execution {
        case "NEW": .new
        case "TRADE", "CALCULATED": update.lastQuantity.mantissa > 0 ? .trade : nil
        case "CANCELED": .cancelled
        case "REJECTED": .rejected
        case "EXPIRED", "TRADE_PREVENTION": .expired
        case "AMENDMENT", "REPLACED": .amended
        default: nil
        }
    }

    private func fee(_ amount: WireDecimal, _ currency: String?, _ asset: Int) -> Double? {
        guard let currency else { return amount.isZero ? 0 : nil }
        return currency == rules[asset].marginAsset ? amount.double : nil
    }

    /// The executions of one order, oldest first, as reports; nil when the answer cannot be read.
    func trades(_ bytes: [UInt8], clientId: String, asset: Int) -> [ExecutionReport]? {
        guard let list = try? JSONValue.parse(bytes).elements else { return nil }
        var reports: [ExecutionReport] = []
        do {
            for entry in list.sorted(by: { ($0["id"]?.integer ?? 0) < ($1["id"]?.integer ?? 0) }) {
                let quantity = try entry.decimal("qty").double
                guard let tick = tick(try entry.decimal("price"), asset) else { return nil }
                let isMaker = entry["maker"]?.flag ?? entry["isMaker"]?.flag ?? false
                // What the order has become is not said here: quantity 0 leaves it as it is.
                reports.append(ExecutionReport(
                    kind: .trade, clientId: clientId, asset: asset, priceTick: 0, quantity: 0, executed: (reports.last?.executed ?? 0) + quantity,
                    tradeId: try entry.integer("id"), tradeTick: tick, tradeQuantity: quantity, isMaker: isMaker,
                    fee: fee((try? entry.decimal("commission")) ?? .zero, try? entry.text("commissionAsset"), asset),
                    exchangeNs: try entry.integer("time") &* 1_000_000))
            }
        } catch {
            return nil
        }
        return reports
    }
}
