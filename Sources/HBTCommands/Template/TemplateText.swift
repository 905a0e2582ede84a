/// The files of a new strategy package.
struct TemplateText {
    let name: PackageName
    let origin: PackageOrigin

    var manifest: String {
        """
        // swift-tools-version: 6.2
        import PackageDescription

        let package = Package(
            name: "\(name.package)",
            platforms: [.macOS(.v14)],
            dependencies: [
                \(origin.dependency)
            ],
            targets: [
                .executableTarget(
                    name: "\(name.package)",
                    dependencies: [
                        .product(name: "HBTCommands", package: "\(origin.identity)"),
                        .product(name: "HBTEngine", package: "\(origin.identity)"),
                        .product(name: "HBTTypes", package: "\(origin.identity)"),
                    ]
                )
            ],
            swiftLanguageModes: [.v6]
        )

        """
    }

    var main: String {
        """
        import HBTCommands

        // Every verb of hbt, with this package's strategies beside the built-in ones.
        HBTMain.main(strategies: [\(name.typeName).self])

        """
    }

    var strategy: String {
        """
        import HBTEngine
        import HBTTypes

        /// Quotes one bid and one ask around a slow average of the mid price, and leans against the position.
        ///
        /// A strategy is a state machine: it is called, looks at the market through its context, and answers
        /// with orders. It reads no clock, no file and no random source, so that a run can be repeated.
        final class \(name.typeName): Strategy {
            /// `type` in the `[strategy]` table of a settings file.
            static let typeName = "\(name.settingsName)"

            /// When `step` is called: here, at regular intervals of simulated time. `.feed` calls it at
            /// every market row instead.
            let wake: StrategyWake

            /// Quote currency, from the average to each quote.
            private let halfSpread: Double
            /// Base currency.
            private let orderQuantity: Double
            private let maxPosition: Double
            /// Weight of a new mid price in the average, 0 to 1.
            private let weight: Double
            private let grid: Grid
            /// Quote currency; NaN before the first mid price.
            private var average = Double.nan
            private var nextOrderId: UInt64 = 1

            /// Every key of the `[strategy]` table is read here; `finish` refuses the others, so that a
            /// misspelt key stops the run instead of being ignored.
            init(settings: SettingsTable, assets: [AssetSpec]) throws(SettingsError) {
                guard assets.count == 1 else {
                    throw SettingsError(settings.location, "\\(Self.typeName) trades one asset; \\(assets.count) are given")
                }
                let intervalNs = try settings.require("interval", settings.durationNs("interval"))
                guard intervalNs > 0 else { throw settings.error("interval", "must be longer than nothing") }
                wake = .every(ns: intervalNs)
                halfSpread = try settings.require("half_spread", settings.double("half_spread"))
                orderQuantity = try settings.require("order_qty", settings.double("order_qty"))
                maxPosition = try settings.require("max_position", settings.double("max_position"))
                weight = try settings.double("weight") ?? 0.05
                try settings.finish()
                grid = Grid(tickSize: assets[0].tickSize, lotSize: assets[0].lotSize)
            }

            func step(_ market: StrategyContext, reason: WakeReason) {
                market.clearInactiveOrders()
                let depth = market.depth()
                guard depth.isTwoSided else { return }
                average = average.isNaN ? depth.mid : average + weight * (depth.mid - average)

                let lean = market.position() / maxPosition * halfSpread
                // Never through the best price of the other side: a post-only order would expire.
                let bidTick = min(grid.tick(average - halfSpread - lean), depth.bestAskTick - 1)
                let askTick = max(grid.tick(average + halfSpread - lean), depth.bestBidTick + 1)
                requote(market, .buy, at: bidTick, isWanted: market.position() < maxPosition)
                requote(market, .sell, at: askTick, isWanted: market.position() > -maxPosition)
            }

            /// Keeps an order that rests at the wanted price: cancelling it would lose its place in the queue.
            private func requote(_ market: StrategyContext, _ side: Side, at tick: Int64, isWanted: Bool) {
                var isThere = false
                var stale: [UInt64] = []
                market.forEachOrder { order in
                    guard order.side == side else { return }
                    if isWanted && order.priceTick == tick { isThere = true } else if order.isCancellable { stale.append(order.orderId) }
                }
                for id in stale { market.cancel(orderId: id) }
                guard isWanted && !isThere else { return }
                market.submit(
                    side: side, orderId: nextOrderId, price: grid.price(tick), quantity: orderQuantity, timeInForce: .gtx)
                nextOrderId += 1
            }

            /// What decides the future and is not in the settings, for snapshots of a run.
            func encode(into out: inout StateWriter) {
                out.put(average)
                out.put(nextOrderId)
            }

            func restore(from input: inout StateReader) throws(StateError) {
                average = try input.double()
                nextOrderId = try input.word()
            }
        }

        """
    }

    var settings: String {
        """
        # Run:  swift run -c release \(name.package) backtest \(name.package).toml
        name = "\(name.package)"

        [[asset]]
        symbol = "SAMPLE"
        # Relative to this file, in order of time. Make more with: swift run \(name.package) generate -o data/more.npz
        data = ["data/sample.npz"]
        tick_size = 0.1                                   # quote currency
        lot_size = 0.001                                  # base currency
        latency = { kind = "constant", entry = "10ms", response = "10ms" }
        queue = { kind = "power_prob", n = 3.0 }
        exchange = "partial_fill"
        fee = { kind = "trading_value", maker = -0.00005, taker = 0.0007 }

        [strategy]
        type = "\(name.settingsName)"
        interval = "100ms"                                # simulated time between two steps
        half_spread = 1.0                                 # quote currency
        order_qty = 0.01                                  # base currency
        max_position = 0.2                                # base currency
        weight = 0.05                                     # of a new mid price in the average

        """
    }

    var readme: String {
        """
        # \(name.package)

        A strategy for hbt, the deterministic backtester.

        ```
        swift run -c release \(name.package) backtest \(name.package).toml
        ```

        prints statistics and writes `runs/\(name.package)-…/report.html`.

        | file | what it is |
        |---|---|
        | `Sources/\(name.package)/\(name.typeName).swift` | the strategy: change `step` |
        | `Sources/\(name.package)/main.swift` | registers it; add further ones to the list |
        | `\(name.package).toml` | its settings, one file a run |
        | `data/sample.npz` | two minutes of synthetic market |

        `swift run \(name.package) --help` lists every verb, `verify` among them: it runs a finished run again and
        compares it byte by byte.

        """
    }
}
