import HBTTypes

@testable import HBTEngine

/// A tiny language for markets and orders, so that a test reads like the case it is about.
///
/// One statement a line, executed at once; times are nanoseconds. Market rows happen at the venue at
/// `t` and reach us 10 later; requests take 10, answers 20.
///
///     t 100 | bid 100 x 5 | ask 101 x 5
///     t 120 | buy 1: 3 @ 100
///     t 300 | sell-trade 8 @ 100
///
/// Market words: `bid P x Q`, `ask P x Q` (0 deletes), `buy-trade Q @ P`, `sell-trade Q @ P`,
/// `clear-bids [P]`, `clear-asks [P]`, `clear`.
/// Order words: `buy ID: Q @ P [gtx|ioc|fok]`, `sell ID: …`, `buy ID: Q market`, `cancel ID`,
/// `modify ID: Q @ P`.
struct Script {
    enum Action {
        case submit(Side, id: UInt64, quantity: Double, price: Double, TimeInForce, OrderType)
        case cancel(id: UInt64)
        case modify(id: UInt64, quantity: Double, price: Double)
    }
    private(set) var rows: [MarketEvent] = []
    private(set) var actions: [(ns: Int64, action: Action)] = []

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "|").map { $0.split(separator: " ").map(String.init) }
            guard let head = parts.first, head.count == 2, head[0] == "t", let ns = Int64(head[1]) else {
                preconditionFailure("a line starts with its time: \(line)")
            }
            for words in parts.dropFirst() { add(words, at: ns) }
        }
    }

    private mutating func add(_ words: [String], at ns: Int64) {
        func number(_ i: Int) -> Double {
            guard i < words.count, let value = Double(words[i]) else { preconditionFailure("a number is missing: \(words)") }
            return value
        }
        func id() -> UInt64 {
            guard words.count > 1, let value = UInt64(words[1].replacing(":", with: "")) else { preconditionFailure("an id is missing: \(words)") }
            return value
        }
        switch words[0] {
        case "bid": market(EventKind.depth, EventFlags.buy, number(1), number(3), ns)
        case "ask": market(EventKind.depth, EventFlags.sell, number(1), number(3), ns)
        case "buy-trade": market(EventKind.trade, EventFlags.buy, number(3), number(1), ns)
        case "sell-trade": market(EventKind.trade, EventFlags.sell, number(3), number(1), ns)
        case "clear-bids": market(EventKind.depthClear, EventFlags.buy, words.count > 1 ? number(1) : .nan, 0, ns)
        case "clear-asks": market(EventKind.depthClear, EventFlags.sell, words.count > 1 ? number(1) : .nan, 0, ns)
        case "clear": market(EventKind.depthClear, 0, .nan, 0, ns)
        case "buy", "sell":
            let side: Side = words[0] == "buy" ? .buy : .sell
            if words[3] == "market" {
                actions.append((ns, .submit(side, id: id(), quantity: number(2), price: 0, .gtc, .market)))
            } else {
                let tifs: [String: TimeInForce] = ["gtx": .gtx, "ioc": .ioc, "fok": .fok]
                actions.append((ns, .submit(side, id: id(), quantity: number(2), price: number(4), words.count > 5 ? tifs[words[5]]! : .gtc, .limit)))
            }
        case "cancel": actions.append((ns, .cancel(id: id())))
        case "modify": actions.append((ns, .modify(id: id(), quantity: number(2), price: number(4))))
        default: preconditionFailure("unknown word \(words[0])")
        }
    }

    private mutating func market(_ kind: UInt8, _ side: UInt64, _ price: Double, _ quantity: Double, _ ns: Int64) {
        let ev = EventFlags.exchange | EventFlags.local | side | UInt64(kind)
        rows.append(MarketEvent(ev: ev, exchangeNs: ns, localNs: ns + 10, price: price, quantity: quantity))
    }
}

/// Tick and lot 1, linear contract of size 1, 10 ns to the venue, 20 ns back, conservative queue.
func plainSpec(_ change: (inout AssetSpec) -> Void = { _ in }) -> AssetSpec {
    var spec = AssetSpec(
        symbol: "TEST", tickSize: 1, lotSize: 1, latency: .constant(entryNs: 10, responseNs: 20), queue: .riskAverse)
    change(&spec)
    return spec
}

/// A script played to the end of its data.
struct Played {
    let backtest: Backtest
    /// Codes of the requests, in order.
    private(set) var codes: [ReturnCode] = []
    /// Codes other than ok of the stretches of time between them.
    private(set) var faults: [ReturnCode] = []
    let fills: [FillRecord]

    init(_ text: String, _ mode: Compatibility, snapshot: [MarketEvent] = [], latency: [LatencyRow]? = nil, spec: AssetSpec = plainSpec()) throws {
        let script = Script(text)
        let input = AssetInput(
            spec: spec, events: ArrayEventSource(script.rows), initialSnapshot: snapshot,
            latencyRows: latency.map { ArrayLatencySource([$0]) })
        let backtest = try Backtest(assets: [input], compatibility: mode)
        backtest.keepsFills = true
        for (ns, action) in script.actions {
            // The first call only sets the clock; a script may act before the first row.
            if backtest.nowNs == .max && ns > 0 { _ = backtest.elapse(0) }
            while backtest.nowNs < ns {
                let code = backtest.elapse(ns - backtest.nowNs)
                if code != .ok { faults.append(code) }
                if code != .ok { break }
            }
            switch action {
            case .submit(let side, let id, let quantity, let price, let tif, let type):
                codes.append(backtest.submit(
                    asset: 0, side: side, orderId: id, price: price, quantity: quantity, timeInForce: tif, type: type))
            case .cancel(let id): codes.append(backtest.cancel(asset: 0, orderId: id))
            case .modify(let id, let quantity, let price):
                codes.append(backtest.modify(asset: 0, orderId: id, price: price, quantity: quantity))
            }
        }
        let end = backtest.goToEnd()
        if end != .endOfData { faults.append(end) }
        fills = backtest.takeFills(isFinal: true)
        self.backtest = backtest
    }

    var position: Double { backtest.state(0).position }
    var trades: Int64 { backtest.state(0).numTrades }
    func order(_ id: UInt64) -> Order? { backtest.order(0, id: id) }
    func status(_ id: UInt64) -> OrderStatus? { order(id)?.status }
    /// `quantity@tick` of every booking, in order.
    var bookings: [String] { fills.map { "\($0.side == .buy ? "+" : "-")\(text($0.quantity))@\($0.priceTick)" } }
    private func text(_ x: Double) -> String { x == x.rounded() ? String(Int64(x)) : String(x) }
}
