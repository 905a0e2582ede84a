import HBTTypes

/// `summary.json` of a run.
struct SummaryWriter {
    let report: ReportBuilder
    let digest: String

    var json: String {
        JSONText.object([
            ("name", .text(report.run.name)),
            ("strategy", .text(report.run.strategyType)),
            ("compatibility", .text(report.run.compatibility.rawValue)),
            ("digest", .text(digest)),
            ("report", settings(report.settings)),
        ] + warmUp + [
            ("assets", .array(report.assets.map(asset))),
        ]).document
    }

    /// Absent from the summaries of runs that did not wait and started as asked.
    private var warmUp: [(String, JSONText)] {
        var pairs: [(String, JSONText)] = []
        if let span = report.warmUp { pairs += [("from_ns", .integer(span.fromNs)), ("until_ns", span.untilNs.map { .integer($0) } ?? .null)] }
        if let start = report.warmStart {
            pairs += [("started", .text(start.instead)), ("instead_of", .array(start.reasons.map { .text($0) }))]
        }
        return pairs.isEmpty ? [] : [("warmup", .object(pairs))]
    }

    private func settings(_ settings: ReportSettings) -> JSONText {
        .object([
            ("resample_ns", settings.resampleNs.map { .integer($0) } ?? .null),
            ("partition", settings.partition.map { .text($0.rawValue) } ?? .null),
            ("book_size", settings.bookSize.map { .number($0) } ?? .null),
            ("trading_days_per_year", .number(settings.tradingDaysPerYear)),
        ])
    }

    private func asset(_ asset: AssetReport) -> JSONText {
        .object([
            ("symbol", .text(asset.spec.symbol)),
            ("contract", contract(asset.spec.contract)),
            ("tick_size", .number(asset.spec.tickSize)),
            ("lot_size", .number(asset.spec.lotSize)),
            ("records", .integer(asset.rowCount)),
            ("final", asset.lastRow.map { final($0, asset.spec.contract) } ?? .null),
            ("summary", .array(asset.statistics.finish().summary.map(row))),
            ("fills", fills(asset)),
            ("orders", orders(asset.orders.counts)),
            ("latency", .object([
                ("order_entry", latency(asset.orders.entry)),
                ("order_round_trip", latency(asset.orders.roundTrip)),
                ("feed", latency(asset.feedLatency)),
            ])),
            ("markouts", .array(asset.markouts.rows.map(markout))),
        ])
    }

    private func contract(_ contract: ContractSpec) -> JSONText {
        switch contract {
        case .linear(let size): .object([("kind", .text("linear")), ("size", .number(size))])
        case .inverse(let size): .object([("kind", .text("inverse")), ("size", .number(size))])
        }
    }

    private func final(_ row: RecordRow, _ contract: ContractSpec) -> JSONText {
        let equityWithoutFee = contract.equityWithoutFee(
            balance: row.balance, position: row.position, price: row.price)
        return .object([
            ("timestamp_ns", .integer(row.timestampNs)),
            ("price", .number(row.price)),
            ("position", .number(row.position)),
            ("balance", .number(row.balance)),
            ("fee", .number(row.fee)),
            ("num_trades", .integer(row.numTrades)),
            ("trading_volume", .number(row.tradingVolume)),
            ("trading_value", .number(row.tradingValue)),
            ("equity_wo_fee", .number(equityWithoutFee)),
            ("equity", .number(equityWithoutFee - row.fee)),
        ])
    }

    private func row(_ row: SummaryRow) -> JSONText {
        .object([
            ("start", .text(row.startText)),
            ("end", .text(row.endText)),
            ("start_ns", .integer(row.startNs)),
            ("end_ns", .integer(row.endNs)),
            ("samples", .integer(Int64(row.sampleCount))),
            ("metrics", .object(row.values.map { ($0.name, .number($0.value)) })),
        ])
    }

    private func fills(_ asset: AssetReport) -> JSONText {
        let names = ["maker_buy", "maker_sell", "taker_buy", "taker_sell"]
        return .object([("all", totals(asset.allFills))] + zip(names, asset.fillTotals).map { ($0, totals($1)) })
    }

    private func totals(_ totals: FillTotals) -> JSONText {
        .object([
            ("count", .integer(totals.count)), ("quantity", .number(totals.quantity)),
            ("value", .number(totals.value)), ("fee", .number(totals.fee)),
        ])
    }

    private func orders(_ counts: OrderCounts) -> JSONText {
        .object([
            ("submits", .integer(counts.submits)), ("cancels", .integer(counts.cancels)),
            ("modifies", .integer(counts.modifies)), ("canceled", .integer(counts.canceled)),
            ("expired", .integer(counts.expired)), ("rejected_submits", .integer(counts.rejectedSubmits)),
            ("rejected_cancels", .integer(counts.rejectedCancels)),
            ("rejected_modifies", .integer(counts.rejectedModifies)),
        ])
    }

    private func latency(_ histogram: LatencyHistogram) -> JSONText {
        guard histogram.count > 0 else {
            return .object([("count", .integer(0)), ("negative", .integer(histogram.negativeCount))])
        }
        return .object([
            ("count", .integer(histogram.count)), ("negative", .integer(histogram.negativeCount)),
            ("min_ns", .integer(histogram.minNs)), ("mean_ns", .number(histogram.meanNs)),
            ("p50_ns", .number(histogram.quantileNs(0.5))), ("p90_ns", .number(histogram.quantileNs(0.9))),
            ("p99_ns", .number(histogram.quantileNs(0.99))), ("max_ns", .integer(histogram.maxNs)),
        ])
    }

    private func markout(_ row: MarkoutRow) -> JSONText {
        .object([
            ("liquidity", .text(row.liquidity.rawValue)), ("side", .text(row.sides.rawValue)),
            ("horizons", .array(row.cells.map { cell in
                .object([
                    ("horizon_ns", .integer(cell.horizonNs)), ("count", .integer(cell.count)),
                    ("quantity", .number(cell.quantity)), ("with_spread", mean(cell.withSpread)),
                    ("without_spread", mean(cell.withoutSpread)),
                ])
            })),
        ])
    }

    private func mean(_ mean: MarkoutMean) -> JSONText {
        .object([
            ("price", .number(mean.price)), ("bps", .number(mean.bps)), ("ticks", .number(mean.ticks)),
            ("qty_weighted_price", .number(mean.weightedPrice)), ("qty_weighted_bps", .number(mean.weightedBps)),
            ("qty_weighted_ticks", .number(mean.weightedTicks)),
        ])
    }
}
