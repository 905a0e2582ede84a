import HBTEngine
import HBTTypes

/// Backtests a journalled run and takes the difference apart.
public struct Reconciliation {
    /// Makes a backtest of the run's settings.
    ///
    /// - Parameters:
    ///   - events: the rows of each asset.
    ///   - latency: measured rows of an asset instead of the settings' model; nil keeps the model.
    public typealias Maker = (_ events: [any EventSource], _ latency: (Int) -> [LatencyRow]?) throws -> StrategyRun
    /// The rows of one asset, from their beginning: as the files have them, and as the journal has them.
    public typealias Source = (_ asset: Int) throws -> any EventSource

    private let facts: LiveFacts
    private let specs: [AssetSpec]
    private let mids: [Double]
    private let make: Maker

    /// - Parameter mids: the live run's last mid prices, at which every run is valued.
    public init(facts: LiveFacts, specs: [AssetSpec], mids: [Double], make: @escaping Maker) {
        self.facts = facts
        self.specs = specs
        self.mids = mids
        self.make = make
    }

    /// - Parameters:
    ///   - files: what really happened in the market; nil when the journal is all that there is.
    ///   - live: the account of the live run at its end, by asset.
    /// - Throws: when a run fails, or comes to no number.
    public func split(files: Source?, journal: @escaping Source, live: [StateValues]) throws -> ProfitSplit {
        let assets = specs.indices
        var chain: [RunValue] = []
        /// Funding of the backtest, which all runs up to the swap of funding are given.
        var simulated = ExactMoney(units: 0), others = simulated
        chain.append(try play(try assets.map { try (files ?? journal)($0) }, funding: &simulated) { _ in nil })
        if let files {
            // The venue goes on as it really did; only what we saw is the journal's.
            func seen() throws -> [any EventSource] { try assets.map { TwoSidedSource(exchange: try files($0), local: try journal($0)) } }
            chain.append(try play(try seen(), funding: &others) { _ in nil })
            chain.append(try play(try seen(), funding: &others) { facts.latencyRows(asset: $0, withRefusals: false) })
        } else {
            chain.append(chain[0])
            chain.append(try play(try assets.map { try journal($0) }, funding: &others) { facts.latencyRows(asset: $0, withRefusals: false) })
        }
        if facts.refusals.contains(where: { !$0.isEmpty }) {
            let sources: [any EventSource] = try assets.map { asset in
                if let files { TwoSidedSource(exchange: try files(asset), local: try journal(asset)) } else { try journal(asset) }
            }
            chain.append(try play(sources, funding: &others) { facts.latencyRows(asset: $0, withRefusals: true) })
        } else {
            chain.append(chain[2])
        }
        let modelled = try executions(charged: false), charged = try executions(charged: true)
        chain.append(modelled)
        chain.append(charged)
        for index in chain.indices { chain[index].total = chain[index].total - simulated }
        chain.append(try funded(charged))
        return ProfitSplit(chain: chain, live: try total(live))
    }

    /// The same, less what the venue charged as funding.
    ///
    /// The runs before it in the chain all have the backtest's, so that this step holds the whole difference.
    private func funded(_ run: RunValue) throws -> RunValue {
        var value = run
        for (asset, payments) in facts.funding.enumerated() {
            // Summed as the live run's account was: one payment after the other.
            guard let money = ExactMoney(payments.reduce(0) { $0 + $1.amount }) else {
                throw JournalError("\(specs[asset].symbol): the funding in the journal is not a number")
            }
            value.total = value.total - money
        }
        return value
    }

    private func total(_ states: [StateValues]) throws -> ExactMoney {
        var sum = ExactMoney(units: 0)
        for (asset, state) in states.enumerated() {
            guard let money = ExactMoney(RunValue.equity(state, specs[asset].contract, mid: mids[asset])) else {
                throw JournalError("\(specs[asset].symbol): the profit is not a number; the book was one-sided at the end of the run")
            }
            sum = sum + money
        }
        return sum
    }

    private func play(_ events: [any EventSource], funding: inout ExactMoney, latency: (Int) -> [LatencyRow]?) throws -> RunValue {
        let run = try make(events, latency)
        let backtest = run.backtest
        backtest.keepsFills = true
        var fills: [FillRecord] = []
        while run.advance(maxSteps: 4_096, untilNs: facts.lastNs) {
            fills += backtest.takeFills(isFinal: false)
            run.drainRecords { _, _ in }
            _ = run.takeFeedLatencies()
        }
        fills += backtest.takeFills(isFinal: true)
        if let error = backtest.dataError { throw error }
        // What was learnt after the live run's last row is no part of the comparison.
        fills.removeAll { $0.localNs > facts.lastNs }
        var value = RunValue(total: ExactMoney(units: 0))
        var states = specs.map { _ in StateValues() }
        var uses = OrderUses()
        for fill in fills {
            let sign = Double(fill.side.rawValue)
            states[fill.assetIndex].position += sign * fill.quantity
            states[fill.assetIndex].fee += fill.fee
            switch specs[fill.assetIndex].contract {
            case .linear(let size): states[fill.assetIndex].balance -= sign * ((size * fill.price) * fill.quantity)
            case .inverse(let size): states[fill.assetIndex].balance -= sign * ((size * fill.quantity) / fill.price)
            }
            let key = uses.key(asset: fill.assetIndex, orderId: fill.orderId, orderNs: fill.orderNs)
            add(key, fill.side, fill.price, fill.quantity, fill.fee, fill.orderNs, to: &value)
        }
        value.total = try total(states)
        funding = ExactMoney(units: 0)
        for asset in specs.indices { funding = funding + (ExactMoney(backtest.fundingPaid(asset)) ?? ExactMoney(units: 0)) }
        return value
    }

    /// The live run's executions, with the fees of the settings or those that were charged.
    private func executions(charged: Bool) throws -> RunValue {
        var value = RunValue(total: ExactMoney(units: 0))
        var uses = OrderUses()
        var states: [StateValues] = []
        for (asset, spec) in specs.enumerated() {
            let book = try ExecutionBook(spec)
            for execution in facts.executions where execution.asset == asset {
                let order = execution.order
                let before = book.state.fee
                book.add(order, fee: charged ? execution.fee : nil, at: execution.localNs)
                let key = uses.key(asset: asset, orderId: order.orderId, orderNs: order.localNs)
                add(
                    key, order.side, Double(order.executedPriceTick) * spec.tickSize, order.executedQuantity, book.state.fee - before, order.localNs,
                    to: &value)
            }
            states.append(book.state)
        }
        value.total = try total(states)
        return value
    }

    private func add(
        _ key: OrderKey, _ side: Side, _ price: Double, _ quantity: Double, _ fee: Double, _ orderNs: Int64, to value: inout RunValue
    ) {
        var part = value.orders[key] ?? RunValue.OrderPart()
        part.value += RunValue.value(
            side: side, price: price, quantity: quantity, fee: fee, contract: specs[key.asset].contract, mid: mids[key.asset])
        part.executed += quantity
        part.orderNs = orderNs
        value.orders[key] = part
    }
}

/// Numbers the orders that have an id one after the other: by when they were sent.
private struct OrderUses {
    private var known: [OrderKey: (orderNs: Int64, use: Int)] = [:]

    mutating func key(asset: Int, orderId: UInt64, orderNs: Int64) -> OrderKey {
        let first = OrderKey(asset: asset, orderId: orderId, use: 0)
        if let last = known[first] {
            if last.orderNs != orderNs { known[first] = (orderNs, last.use + 1) }
        } else {
            known[first] = (orderNs, 0)
        }
        return OrderKey(asset: asset, orderId: orderId, use: known[first]?.use ?? 0)
    }
}

/// Books executions by the engine's own rules, without a market.
private final class ExecutionBook {
    private let feed = LiveFeed(venue: .outside)
    private let backtest: Backtest

    init(_ spec: AssetSpec) throws { backtest = try Backtest(assets: [AssetInput(spec: spec, live: feed)], compatibility: .none) }

    func add(_ order: Order, fee: Double?, at ns: Int64) {
        if backtest.nowNs == .max {
            // The clock starts with a row.
            feed.push([MarketEvent(ev: EventFlags.local | UInt64(EventKind.depthBBO), exchangeNs: ns - 1, localNs: ns - 1, price: 0, quantity: 0)])
            feed.advance(toLocalNs: ns - 1)
            backtest.elapse(0)
        }
        let ns = max(ns, backtest.nowNs)
        backtest.receive(order, asset: 0, fee: fee, at: ns)
        feed.advance(toLocalNs: ns)
        backtest.elapse(ns - backtest.nowNs)
        backtest.clearInactiveOrders()
    }

    var state: StateValues { backtest.state(0) }
}

/// The venue's side of one source with our side of another.
public final class TwoSidedSource: EventSource {
    private let exchange: OneSide
    private let local: OneSide

    /// Both in the order of the clock that counts.
    public init(exchange: any EventSource, local: any EventSource) {
        self.exchange = OneSide(exchange, keeps: EventFlags.exchange, drops: EventFlags.local)
        self.local = OneSide(local, keeps: EventFlags.local, drops: EventFlags.exchange)
    }

    public func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        var count = 0
        while count < buffer.count {
            let a = try exchange.next(), b = try local.next()
            guard a != nil || b != nil else { break }
            if let a, b.map({ a.exchangeNs <= $0.localNs }) ?? true {
                buffer[count] = a
                exchange.pop()
            } else if let b {
                buffer[count] = b
                local.pop()
            }
            count += 1
        }
        return count
    }

    private final class OneSide {
        private let source: any EventSource
        private let keeps: UInt64
        private let drops: UInt64
        private let block = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 4_096)
        private var count = 0
        private var index = 0

        init(_ source: any EventSource, keeps: UInt64, drops: UInt64) {
            self.source = source
            self.keeps = keeps
            self.drops = drops
        }

        deinit { block.deallocate() }

        func next() throws -> MarketEvent? {
            while true {
                while index < count {
                    var row = block[index]
                    if row.has(keeps) {
                        row.ev &= ~drops
                        return row
                    }
                    index += 1
                }
                count = try source.read(into: block)
                index = 0
                if count == 0 { return nil }
            }
        }

        func pop() { index += 1 }
    }
}
