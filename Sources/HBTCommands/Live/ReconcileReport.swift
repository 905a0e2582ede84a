import HBTLive

/// The difference between a live run and its backtest, for machines (JSON) and for people (text, one HTML page).
///
/// Amounts are strings with all their decimals: they add up exactly.
struct ReconcileReport: Encodable {
    struct Part: Encodable {
        var cause: String
        var amount: String
        var orders: [Order]
    }
    struct Order: Encodable {
        var symbol: String
        var orderId: UInt64
        var use: Int
        var sentNs: Int64
        var change: Double
        var executedBefore: Double
        var executedAfter: Double
    }
    var backtest: String
    var live: String
    var difference: String
    var parts: [Part]
    var liveExecutions: Int
    var liveRequests: Int64
    var roundTrips: Int
    var refusals: Int
    var corrections: Int
    var journal: String

    init(_ result: ReconcileJob.Result) {
        let split = result.split, facts = result.facts
        backtest = split.backtest.description
        live = split.live.description
        difference = split.difference.description
        parts = split.parts.map { part in
            Part(cause: part.cause.rawValue, amount: part.amount.description, orders: part.events.map { event in
                Order(
                    symbol: result.symbols[event.key.asset], orderId: event.key.orderId, use: event.key.use, sentNs: event.orderNs, change: event.change,
                    executedBefore: event.executedBefore, executedAfter: event.executedAfter)
            })
        }
        liveExecutions = facts.executions.count
        liveRequests = facts.requests
        roundTrips = facts.roundTrips.reduce(0) { $0 + $1.count }
        refusals = facts.refusals.reduce(0) { $0 + $1.count }
        corrections = facts.corrections
        journal = result.tail.description
    }

    var text: String {
        let width = max(backtest.count, live.count, difference.count, parts.map(\.amount.count).max() ?? 0)
        func line(_ name: String, _ amount: String) -> String {
            name + String(repeating: " ", count: 14 - name.count) + String(repeating: " ", count: width - amount.count) + amount
        }
        var lines = [line("backtest", backtest)]
        lines += parts.map { line("  \($0.cause)", $0.amount) }
        lines.append(line("live", live))
        lines.append(counts)
        return lines.joined(separator: "\n")
    }

    private var counts: String {
        "\(liveRequests) requests, \(liveExecutions) executions, \(refusals) refusals, \(corrections) corrections; the journal is \(journal)"
    }

    var html: String {
        var out = """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Live against backtest</title>
            <style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
            table{border-collapse:collapse;margin:1rem 0}th,td{padding:.2rem .8rem;border-bottom:1px solid #ddd;text-align:right}
            th:first-child{text-align:left}td{font-variant-numeric:tabular-nums}</style>
            <h1>Live against backtest</h1>
            <p>From the backtest's profit to the live run's, one cause swapped at a time. The parts add up to the difference to the last decimal.</p>
            <table><tr><th>backtest</th><td>\(backtest)</td></tr>

            """
        for part in parts { out += "<tr><th>\(part.cause)</th><td>\(part.amount)</td></tr>\n" }
        out += "<tr><th>live</th><td>\(live)</td></tr></table>\n"
        out += "<p>\(Self.escape(counts)).</p>\n"
        for part in parts where !part.orders.isEmpty {
            out += "<h2>\(part.cause): the orders that changed most</h2><table><tr><th>order</th><th>sent (ns)</th><th>executed before</th>"
            out += "<th>executed after</th><th>change</th></tr>\n"
            for order in part.orders {
                out += "<tr><th>\(Self.escape(order.symbol)) \(order.orderId)</th><td>\(order.sentNs)</td><td>\(order.executedBefore)</td>"
                out += "<td>\(order.executedAfter)</td><td>\(order.change)</td></tr>\n"
            }
            out += "</table>\n"
        }
        return out + "</html>\n"
    }

    private static func escape(_ text: String) -> String {
        text.reduce(into: "") { out, character in
            switch character {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            default: out.append(character)
            }
        }
    }
}
