/// A run's status in the text format of Prometheus (version 0.0.4).
public enum MetricsText {
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"
    private static let bucketsNs: [Int64] = [
        1_000, 2_000, 5_000, 10_000, 50_000, 100_000, 1_000_000, 5_000_000, 10_000_000, 50_000_000, 100_000_000, 500_000_000, 1_000_000_000, 5_000_000_000,
    ]

    public static func text(_ status: LiveStatus) -> String {
        var out = Lines(run: status.runId, mode: status.mode)
        out.family("hbt_up", "gauge", "1 while the run goes on.") { $0.value("", 1) }
        out.family("hbt_start_time_seconds", "gauge", "When the run began.") { $0.value("", seconds(status.startedNs)) }
        out.family("hbt_killed", "gauge", "1 when everything has been cancelled and nothing goes out again.") { $0.value("", status.killReason == nil ? 0 : 1) }
        out.family("hbt_kill_proven", "gauge", "1 when the venue has confirmed that nothing is open.") { $0.value("", status.isKillProven ? 1 : 0) }
        out.family("hbt_journal_failed", "gauge", "1 when the journal cannot be written.") { $0.value("", status.journalFault == nil ? 0 : 1) }
        out.family("hbt_connections_open", "gauge", "Market connections that are open.") { $0.value("", Double(status.openConnections)) }
        for (name, help, value) in [
            ("hbt_requests_total", "Order requests of the strategy.", status.requests), ("hbt_responses_total", "Answers of the venue.", status.responses),
            ("hbt_fills_total", "Executions.", status.fills), ("hbt_risk_refusals_total", "Requests that the risk gate held back.", status.refusals),
            ("hbt_steps_total", "Steps of the strategy.", status.steps),
        ] {
            out.family(name, "counter", help) { $0.value("", Double(value)) }
        }
        assets(status, &out)
        out.family("hbt_factor", "gauge", "Newest values of the factor graph.") { family in
            for factor in status.factors { family.value("factor=\"\(escaped(factor.name))\"", factor.value) }
        }
        histogram("hbt_order_round_trip_seconds", "From an order request to its answer.", status.orderRoundTrip, &out)
        histogram("hbt_tick_to_order_seconds", "From the receipt of a market message to the order request it caused.", status.tickToOrder, &out)
        return out.text
    }

    private static func assets(_ status: LiveStatus, _ out: inout Lines) {
        func gauge(_ name: String, _ help: String, _ value: (LiveStatus.Asset) -> Double?) {
            each(name, "gauge", help, value)
        }
        func each(_ name: String, _ kind: String, _ help: String, _ value: (LiveStatus.Asset) -> Double?) {
            out.family(name, kind, help) { family in
                for asset in status.assets { if let value = value(asset) { family.value("symbol=\"\(escaped(asset.symbol))\"", value) } }
            }
        }
        gauge("hbt_quotable", "1 while the book may be quoted on.") { $0.feedFault == nil ? 1 : 0 }
        gauge("hbt_book_age_seconds", "Since the newest depth message.") { $0.bookAgeNs.map(seconds) }
        gauge("hbt_feed_lag_seconds", "Receipt less venue time of the newest market row.") { $0.feedLagNs.map(seconds) }
        each("hbt_depth_messages_total", "counter", "Depth messages received.") { Double($0.depthMessages) }
        each("hbt_gaps_total", "counter", "Breaks in the chain of depth updates.") { Double($0.gaps) }
        each("hbt_duplicates_total", "counter", "Depth messages that had come before.") { Double($0.duplicates) }
        each("hbt_snapshots_total", "counter", "Depth snapshots received.") { Double($0.snapshots) }
        gauge("hbt_best_bid", "Best bid.") { $0.bids.first?.price }
        gauge("hbt_best_ask", "Best ask.") { $0.asks.first?.price }
        gauge("hbt_quotes_open", "Own orders that are open.") { Double($0.quotes.count) }
        gauge("hbt_position", "Position, base currency or contracts.") { $0.position }
        gauge("hbt_balance", "Cash since the start.") { $0.balance }
        gauge("hbt_fee_paid", "Fees since the start.") { $0.fee }
        gauge("hbt_funding_paid", "Funding since the start.") { $0.funding }
        gauge("hbt_equity", "Cash and position, less fees.") { $0.equity }
        each("hbt_trades_total", "counter", "Own executions.") { Double($0.trades) }
        each("hbt_traded_value_total", "counter", "Value of own executions.") { $0.tradedValue }
    }

    private static func histogram(_ name: String, _ help: String, _ tally: LatencyTally, _ out: inout Lines) {
        out.family(name, "histogram", help) { family in
            for ns in bucketsNs { family.value("le=\"\(seconds(ns))\"", Double(tally.count(atMost: ns)), suffix: "_bucket") }
            family.value("le=\"+Inf\"", Double(tally.count), suffix: "_bucket")
            family.value("", tally.sumNs / 1e9, suffix: "_sum")
            family.value("", Double(tally.count), suffix: "_count")
        }
    }

    private static func seconds(_ ns: Int64) -> Double { Double(ns) / 1e9 }

    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { out, character in
            switch character {
            case "\\": out += "\\\\"
            case "\"": out += "\\\""
            case "\n": out += "\\n"
            default: out.append(character)
            }
        }
    }

    private struct Lines {
        let common: String
        private(set) var text = ""

        init(run: String, mode: String) { common = "run=\"\(MetricsText.escaped(run))\",mode=\"\(MetricsText.escaped(mode))\"" }

        /// A family without samples is left out.
        mutating func family(_ name: String, _ kind: String, _ help: String, _ fill: (inout Family) -> Void) {
            var family = Family(name: name, common: common)
            fill(&family)
            if !family.text.isEmpty { text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n" + family.text }
        }
    }

    private struct Family {
        let name: String
        let common: String
        private(set) var text = ""

        mutating func value(_ labels: String, _ value: Double, suffix: String = "") {
            text += "\(name)\(suffix){\(common)\(labels.isEmpty ? "" : ",")\(labels)} \(number(value))\n"
        }

        private func number(_ value: Double) -> String {
            if value.isNaN { return "NaN" }
            if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
            return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
        }
    }
}
