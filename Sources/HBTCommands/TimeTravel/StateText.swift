import HBTEngine
import HBTReport
import HBTTypes

/// A run's state in words: books, orders with their queue positions, messages under way, accounts.
struct StateText {
    let run: StrategyRun
    var levels = 10

    var text: String {
        var parts: [String] = []
        let backtest = run.backtest
        var head = TextTable(alignments: [.left, .left])
        head.add(["time", "\(backtest.nowNs) ns"])
        head.add(["steps", "\(run.steps)"])
        head.add(["rows read", "\(backtest.rowsRead)"])
        head.add(["digest", backtest.digest.hex])
        parts.append(head.text)
        for asset in 0..<backtest.assetCount { parts.append(text(of: asset)) }
        if let factors { parts.append(factors) }
        return parts.joined(separator: "\n\n")
    }

    /// Every node's value; nil without a graph.
    private var factors: String? {
        let nodes = StateDocument.Factor.all(run.backtest)
        guard !nodes.isEmpty else { return nil }
        var table = TextTable(header: ["factor", "value", "warm"], alignments: [.left, .right, .left])
        for node in nodes { table.add([node.id, node.value.map { "\($0)" } ?? "undefined", node.isWarm ? "yes" : "not yet"]) }
        return table.text
    }

    private func text(of asset: Int) -> String {
        let backtest = run.backtest, spec = backtest.spec(asset), grid = Grid(tickSize: spec.tickSize, lotSize: spec.lotSize)
        let state = backtest.state(asset)
        var parts = [spec.symbol]
        var account = TextTable(alignments: [.left, .right])
        account.add(["position", "\(state.position)"])
        account.add(["balance", "\(state.balance)"])
        account.add(["fee", "\(state.fee)"])
        account.add(["trades", "\(state.numTrades)"])
        if let feed = backtest.feedLatency(asset) {
            account.add(["newest row, exchange ns", "\(feed.exchangeNs)"])
            account.add(["newest row, local ns", "\(feed.localNs)"])
        }
        parts.append(account.text)

        let (bids, asks) = backtest.levels(asset, count: levels)
        var book = TextTable(header: ["bid size", "bid", "ask", "ask size"], alignments: [.right, .right, .right, .right])
        for i in 0..<max(bids.count, asks.count) {
            let bid = i < bids.count ? ["\(bids[i].quantity)", "\(grid.price(bids[i].tick))"] : ["", ""]
            let ask = i < asks.count ? ["\(grid.price(asks[i].tick))", "\(asks[i].quantity)"] : ["", ""]
            book.add(bid + ask)
        }
        parts.append("local book\n" + book.text)
        parts.append(orders("orders as we know them", backtest.orders(asset).map { (nil, $0) }, grid))
        parts.append(orders("orders as the venue holds them", backtest.restingOrders(asset).map { (nil, $0) }, grid))
        parts.append(orders("requests under way (arrival at the venue)", backtest.requestsUnderWay(asset).map { ($0, $1) }, grid))
        parts.append(orders("answers under way (receipt)", backtest.answersUnderWay(asset).map { ($0, $1) }, grid))
        return parts.joined(separator: "\n\n")
    }

    private func orders(_ title: String, _ orders: [(Int64?, Order)], _ grid: Grid) -> String {
        guard !orders.isEmpty else { return "\(title): none" }
        var table = TextTable(
            header: ["id", "side", "price", "leaves", "status", "request", "queue ahead", "sent ns", "at ns"],
            alignments: [.right, .left, .right, .right, .left, .left, .right, .right, .right])
        for (ns, order) in orders {
            table.add([
                "\(order.orderId)", "\(order.side.name)", "\(grid.price(order.priceTick))", "\(order.leavesQuantity)",
                "\(order.status.name)", "\(order.request.name)", "\(order.queueAhead)", "\(order.localNs)", ns.map { "\($0)" } ?? "",
            ])
        }
        return "\(title)\n" + table.text
    }
}
