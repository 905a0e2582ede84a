import HBTTypes

/// A factor graph that keeps every sample for ever, rescans the book at every wave, and looks up
/// everything by name: the specification of the fast one, written to be read.
final class SlowGraph {
    var book: SlowBook
    private(set) var nodes: [SlowNode] = []
    private var lastNs: Int64?
    /// Next time of each interval in `every`.
    private var nextTicks: [(every: Int64, ns: Int64)] = []

    init(_ root: SettingsTable, tickSize: Double, lotSize: Double) {
        book = SlowBook(tickSize: tickSize, lotSize: lotSize)
        guard case .array(let items)? = root.entry("nodes")?.value else { return }
        var left = items.compactMap { if case .table(let table) = $0 { SlowNode(table) } else { nil } }
        // Whatever has all its inputs goes next.
        while let index = left.firstIndex(where: { node in node.dependencies.allSatisfy { id in nodes.contains { $0.id == id } } }) {
            nodes.append(left.remove(at: index))
        }
    }

    func node(_ id: String) -> SlowNode { nodes.first { $0.id == id }! }
    private func inputs(_ node: SlowNode) -> [SlowNode] { node.dependencies.map(self.node).filter { $0.type != "TimerSource" } }

    private func every(_ node: SlowNode) -> Int64? {
        node.keys.ns("every") ?? node.dependencies.map(self.node).first { $0.type == "TimerSource" }?.keys.ns("every")
    }

    // MARK: time

    /// Rows of one local time, ticks before it included.
    func wave(_ rows: [MarketEvent]) {
        let ns = rows[0].localNs
        ticks(before: ns)
        for row in rows {
            book.apply(row)
            if row.kind == EventKind.trade {
                let side = row.has(EventFlags.buy) ? 1 : row.has(EventFlags.sell) ? -1 : 0
                for node in nodes { node.trades.append((ns, row.price, row.quantity, side)) }
            }
        }
        if lastNs == nil {
            for every in Set(nodes.compactMap { $0.type == "TimerSource" ? nil : every($0) }).sorted() {
                nextTicks.append((every, (ns + every - 1) / every * every))
            }
        }
        lastNs = ns
        evaluate(ns, .wave)
    }

    func ticks(before ns: Int64) {
        while let next = nextTicks.map(\.ns).min(), next < ns {
            for i in nextTicks.indices where nextTicks[i].ns == next { nextTicks[i].ns += nextTicks[i].every }
            evaluate(next, .tick)
        }
    }

    func step(_ ns: Int64) {
        ticks(before: ns + 1)
        if lastNs != nil { evaluate(ns, .step) }
    }

    enum Pass { case wave, tick, step }

    private func evaluate(_ ns: Int64, _ pass: Pass) {
        for node in nodes { node.isUpdated = false }
        for node in nodes {
            let isStruck = strikes(node, ns, pass)
            // Between waves only what the clock strikes, and what follows from it, moves.
            if pass != .wave && !isStruck && !inputs(node).contains(where: \.isUpdated) { continue }
            let old = node.value
            var isForced = false
            if isStruck { isForced = sample(node, ns, pass) }
            if pass == .wave { isForced = sampleReturn(node, ns) || isForced }
            node.value = value(node, ns) { pass == .wave ? $0.value : self.read($0.id, ns) }
            node.isUpdated = isForced || !(old == node.value || (old.isNaN && node.value.isNaN))
        }
    }

    private func strikes(_ node: SlowNode, _ ns: Int64, _ pass: Pass) -> Bool {
        if let every = every(node) { return pass == .tick && ns % every == 0 }
        switch node.keys.text("clock") {
        case "wave": return pass == .wave
        case "step": return pass == .step
        default:
            if node.type == "OrderFlowImbalance" { return pass == .wave && hasNewTop(node) }
            if node.type == "OBI" { return pass == .wave && hasNewImbalance(node) }
            return inputs(node).contains(where: \.isUpdated)
        }
    }

    // MARK: samples

    private var top: (Int64, Double, Int64, Double)? {
        guard let bid = book.bestBid, let ask = book.bestAsk else { return nil }
        return (bid, book.bids[bid]!, ask, book.asks[ask]!)
    }

    private func hasNewImbalance(_ node: SlowNode) -> Bool {
        let raw = imbalance(node)
        return !(raw == node.lastPrice || (raw.isNaN && node.lastPrice.isNaN))
    }

    private func hasNewTop(_ node: SlowNode) -> Bool {
        guard let top, let last = node.lastTop else { return true }
        return top != last
    }

    /// Takes a sample; true when that alone makes the node count as updated.
    private func sample(_ node: SlowNode, _ ns: Int64, _ pass: Pass) -> Bool {
        func input(_ i: Int) -> Double {
            let inputs = inputs(node)
            guard i < inputs.count else { return 0 }
            return pass == .wave ? inputs[i].value : read(inputs[i].id, ns)
        }
        switch node.type {
        case "OrderFlowImbalance":
            defer { node.lastTop = top }
            guard let top, let last = node.lastTop else { return false }
            var e = 0.0
            if top.0 >= last.0 { e += top.1 }
            if top.0 <= last.0 { e -= last.1 }
            if top.2 <= last.2 { e -= top.3 }
            if top.2 >= last.2 { e += last.3 }
            node.history.append((ns, e, 0))
        case "OBI":
            let raw = imbalance(node)
            node.lastPrice = raw
            if raw.isFinite { node.history.append((ns, raw, 0)) }
        case "RollingCorrelation", "RollingRegression":
            let x = input(0), y = input(1)
            if x.isFinite && y.isFinite { node.history.append((ns, x, y)) }
        case "Lag":
            let x = input(0)
            guard x.isFinite else { return false }
            node.history.append((ns, x, 0))
            return node.keys.ns("lag") == nil && node.history.count > Int(node.keys.integer("lag") ?? 1)
        default:
            let x = input(0)
            if x.isFinite { node.history.append((ns, x, 0)) }
        }
        return false
    }

    private func sampleReturn(_ node: SlowNode, _ ns: Int64) -> Bool {
        if node.type == "Lag", let lag = node.keys.ns("lag") {
            let before = node.lastSampleNs ?? .min
            node.lastSampleNs = ns - lag
            return node.history.contains { $0.ns > before && $0.ns <= ns - lag }
        }
        guard node.type == "Returns" || node.type == "Volatility", let interval = node.keys.ns("interval") else { return false }
        let source = inputs(node)[0]
        let price = source.type == "DepthSource" || source.type == "BBOSource" ? book.mid : source.value
        guard price.isFinite, node.lastSampleNs == nil || ns - node.lastSampleNs! >= interval else { return false }
        let isFirst = node.lastSampleNs == nil
        if !isFirst { node.returns.append(price / node.lastPrice - 1) }
        node.lastSampleNs = ns
        node.lastPrice = price
        return !isFirst
    }

    func imbalance(_ node: SlowNode) -> Double {
        guard let bids = book.levels(isBid: true, node.keys), let asks = book.levels(isBid: false, node.keys) else { return .nan }
        return lots(bids) - lots(asks)
    }

    /// Whole lots are subtracted before they become a size.
    private func lots(_ levels: [(tick: Int64, size: Double, share: Double)]) -> Double { (book.sum(levels) / book.lotSize).rounded() * book.lotSize }

    // MARK: values

    /// What a read at `ns` gives; disturbs nothing.
    func read(_ id: String, _ ns: Int64) -> Double {
        let node = node(id)
        let isTimed = node.keys.ns("window") != nil || node.keys.ns("lag") != nil || node.keys.ns("tau") != nil || node.keys.ns("half_life") != nil
        let isArithmetic = Self.arithmetic.contains(node.type)
        return isTimed || isArithmetic ? value(node, ns) { self.read($0.id, ns) } : node.value
    }

    static let arithmetic = ["Difference", "Ratio", "Sum", "Product", "Clip", "Log", "LinearCombine", "NonlinearCombine"]

    private func value(_ node: SlowNode, _ ns: Int64, _ input: (SlowNode) -> Double) -> Double {
        let keys = node.keys
        switch node.type {
        case "DepthSource", "TradeSource", "BBOSource", "TimerSource": return .nan
        case "TradeVolumeFilter":
            let side = keys.text("side")
            return lotSum(node.tradeWindow(at: ns).filter { side == "both" || $0.side == (side == "buy" ? 1 : -1) }.map(\.size))
        case "TradeImbalance":
            let window = node.tradeWindow(at: ns)
            let buys = lotSum(window.filter { $0.side == 1 }.map(\.size)), sells = lotSum(window.filter { $0.side == -1 }.map(\.size))
            return buys + sells == 0 ? 0 : (buys - sells) / (buys + sells)
        case "VWAP":
            let window = node.tradeWindow(at: ns)
            return window.reduce(0) { $0 + $1.price * $1.size } / window.reduce(0) { $0 + $1.size }
        case "OrderFlowImbalance": return lotSum(node.window(at: ns).map(\.x))
        case "Returns": return node.returns.last ?? .nan
        case "Volatility":
            let window = Array(node.returns.suffix(Int(keys.integer("window") ?? 1)))
            let ddof = Double(keys.integer("ddof") ?? 1)
            return Double(window.count) > ddof ? Slow.deviation(window, ddof) : 0
        case "EMA": return node.average(at: ns)
        case "Lag": return node.lagged(at: ns)
        case "OBI": return keys.text("output") == "raw" ? imbalance(node) : node.statistic(at: ns)
        default:
            if Self.arithmetic.contains(node.type) { return arithmetic(node, inputs(node).map(input)) }
            return node.dependencies.isEmpty || node.type.hasPrefix("Rolling") || node.type == "Winsorise" || node.type == "TimeWindowSum"
                ? node.statistic(at: ns) : SlowBookValues.value(node, book)
        }
    }

    /// Equal sets of sizes give equal sums.
    private func lotSum(_ sizes: [Double]) -> Double {
        let lots = sizes.map { $0 / book.lotSize }
        return lots.allSatisfy { abs($0 - $0.rounded()) < 1e-6 } ? lots.reduce(0) { $0 + $1.rounded() } * book.lotSize : sizes.reduce(0, +)
    }

    private func arithmetic(_ node: SlowNode, _ x: [Double]) -> Double {
        switch node.type {
        case "Difference":
            let isLots = inputs(node).allSatisfy { $0.type == "DepthSum" || $0.type == "TradeVolumeFilter" }
            let a = x[0] / book.lotSize, b = x[1] / book.lotSize
            let isWhole = abs(a - a.rounded()) < 1e-6 && abs(b - b.rounded()) < 1e-6
            return isLots && isWhole ? (a.rounded() - b.rounded()) * book.lotSize : x[0] - x[1]
        case "Ratio": return x[1] == 0 ? 0 : x[0] / x[1]
        case "Sum": return x.reduce(0, +)
        case "Product": return x.reduce(1, *)
        case "Log": return Slow.log(x[0])
        case "Clip":
            if x[0].isNaN { return .nan }
            return min(max(x[0], node.keys.number("min") ?? -.infinity), node.keys.number("max") ?? .infinity)
        default: return combination(node, x)
        }
    }

    private func combination(_ node: SlowNode, _ x: [Double]) -> Double {
        guard case .table(let table)? = node.keys.table.entry("weights")?.value else { return .nan }
        let ids = inputs(node).map(\.id)
        var weights = ids.map { SlowKeys(table: table).number($0) ?? 0 }
        if case .table(let bounds)? = node.keys.table.entry("constraints")?.value {
            for (i, id) in ids.enumerated() {
                guard case .array(let pair)? = bounds.entry(id)?.value else { continue }
                let ends = pair.map { value in if case .integer(let i) = value { Double(i) } else if case .double(let d) = value { d } else { 0.0 } }
                weights[i] = min(max(weights[i], ends[0]), ends[1])
            }
        }
        if case .bool(true)? = node.keys.table.entry("normalize")?.value {
            let total = weights.reduce(0) { $0 + abs($1) }
            if total > 0 { weights = weights.map { $0 / total } }
        }
        let sum = zip(weights, x).reduce(0) { $0 + $1.0 * $1.1 }
        guard node.type == "NonlinearCombine" else { return sum }
        var total = (node.keys.number("bias") ?? 0) + sum
        if case .array(let products)? = node.keys.table.entry("interactions")?.value {
            for case .table(let product) in products {
                let pair = SlowKeys(table: product).list("nodes").map { id in x[ids.firstIndex(of: id)!] }
                total += (SlowKeys(table: product).number("weight") ?? 0) * pair[0] * pair[1]
            }
        }
        total *= node.keys.number("gain") ?? 1
        switch node.keys.text("activation") ?? "tanh" {
        case "tanh": return total.isNaN ? .nan : total > 20 ? 1 : total < -20 ? -1 : (Slow.exp(2 * total) - 1) / (Slow.exp(2 * total) + 1)
        case "sigmoid": return 1 / (1 + Slow.exp(-total))
        case "softsign": return total / (1 + abs(total))
        default: return total
        }
    }
}

/// Nodes that are a function of the book alone.
enum SlowBookValues {
    static func value(_ node: SlowNode, _ book: SlowBook) -> Double {
        let keys = node.keys
        let bids = book.bidLevels, asks = book.askLevels, tick = book.tickSize
        func price(_ levels: [(tick: Int64, size: Double, share: Double)]) -> Double { levels.reduce(0) { $0 + Double($1.tick) * tick * $1.size } }
        func size(_ levels: [(tick: Int64, size: Double, share: Double)]) -> Double { levels.reduce(0) { $0 + $1.size } }
        switch node.type {
        case "MidPrice": return book.mid
        case "DepthSum":
            guard let levels = book.levels(isBid: keys.text("side") == "bid", keys) else { return .nan }
            return book.sum(levels)
        default: break
        }
        if node.type == "MicroPrice" || node.type == "Spread" || (node.type == "VAMP" && keys.text("mode") == "best") {
            guard let bid = bids.first, let ask = asks.first else { return .nan }
            let b = Double(bid.tick) * tick, a = Double(ask.tick) * tick
            if node.type != "Spread" { return (b * ask.size + a * bid.size) / (bid.size + ask.size) }
            switch keys.text("unit") {
            case "ticks": return Double(ask.tick - bid.tick)
            case "bps": return (a - b) / book.mid * 10_000
            default: return a - b
            }
        }
        guard let b = book.levels(isBid: true, keys), let a = book.levels(isBid: false, keys) else { return .nan }
        switch node.type {
        case "StaticOBI": return size(b) + size(a) == 0 ? 0 : (size(b) - size(a)) / (size(b) + size(a))
        case "WeightedDepthPrice": return (price(b) + price(a)) / (size(b) + size(a))
        case "VAMP":
            guard !b.isEmpty, !a.isEmpty else { return .nan }
            if keys.text("mode") == "effective" { return (price(b) / size(b) * size(a) + price(a) / size(a) * size(b)) / (size(a) + size(b)) }
            let pairs = zip(b, a)
            return pairs.reduce(0) { $0 + (Double($1.0.tick) * $1.1.size + Double($1.1.tick) * $1.0.size) * tick }
                / pairs.reduce(0) { $0 + $1.0.size + $1.1.size }
        default: return .nan
        }
    }
}
