import HBTTypes

/// Market rows as the lines a collector would have written of Binance's USD-M streams.
struct CollectorText {
    private(set) var bytes: [UInt8] = []
    private let tickDecimals: Int
    private let lotDecimals: Int
    private var updateId: Int64 = 1
    private var tradeId: Int64 = 1

    /// - Parameter spec: its tick and lot size are powers of ten.
    init(_ rows: [MarketEvent], spec: AssetSpec) {
        tickDecimals = Self.decimals(spec.tickSize)
        lotDecimals = Self.decimals(spec.lotSize)
        bytes.reserveCapacity(rows.count * 40)
        var from = 0
        while from < rows.count {
            let first = rows[from]
            var to = from + 1
            if first.kind == EventKind.trade {
                trade(first)
            } else {
                while to < rows.count, rows[to].kind != EventKind.trade, rows[to].localNs == first.localNs, rows[to].exchangeNs == first.exchangeNs {
                    to += 1
                }
                depth(rows[from..<to])
            }
            from = to
        }
    }

    private static func decimals(_ step: Double) -> Int {
        var step = step, count = 0
        while step < 0.999, count < 9 {
            step *= 10
            count += 1
        }
        return count
    }

    private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// `value` with so many decimals, without floating-point text.
    private mutating func put(_ value: Double, _ decimals: Int) {
        var scale: Int64 = 1
        for _ in 0..<decimals { scale *= 10 }
        let whole = Int64((value * Double(scale)).rounded())
        let rest = String(whole % scale)
        put("\(whole / scale)")
        if decimals > 0 { put("." + String(repeating: "0", count: decimals - rest.count) + rest) }
    }

    private mutating func trade(_ row: MarketEvent) {
        let ms = row.exchangeNs / 1_000_000
        put("\(row.localNs) {\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\",\"E\":\(ms),\"T\":\(ms),\"s\":\"BTCUSDT\",\"t\":\(tradeId),\"p\":\"")
        put(row.price, tickDecimals)
        put("\",\"q\":\"")
        put(row.quantity, lotDecimals)
        put("\",\"X\":\"MARKET\",\"m\":\(row.has(EventFlags.sell))}}\n")
        tradeId += 1
    }

    private mutating func depth(_ rows: ArraySlice<MarketEvent>) {
        let ms = rows[rows.startIndex].exchangeNs / 1_000_000, last = updateId + Int64(rows.count)
        put("\(rows[rows.startIndex].localNs) {\"stream\":\"btcusdt@depth@0ms\",\"data\":{\"e\":\"depthUpdate\",\"E\":\(ms),\"T\":\(ms),")
        put("\"s\":\"BTCUSDT\",\"U\":\(updateId),\"u\":\(last),\"pu\":\(updateId - 1),\"b\":[")
        levels(rows, EventFlags.buy)
        put("],\"a\":[")
        levels(rows, EventFlags.sell)
        put("]}}\n")
        updateId = last + 1
    }

    private mutating func levels(_ rows: ArraySlice<MarketEvent>, _ side: UInt64) {
        var isFirst = true
        for row in rows where row.has(side) && row.kind != EventKind.depthClear {
            put(isFirst ? "[\"" : ",[\"")
            isFirst = false
            put(row.price, tickDecimals)
            put("\",\"")
            put(row.quantity, lotDecimals)
            put("\"]")
        }
    }
}
