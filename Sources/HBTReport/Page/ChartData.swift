import HBTTypes

/// The numbers behind the time charts, as compact JSON: one array a column.
///
/// Times are microseconds after `t0` (microseconds since the epoch), each as the difference to the one
/// before. Lows and highs are distances from the last value; most are 0. Unknown values are null.
struct ChartData {
    let asset: AssetReport
    /// Until when the strategy was not called; `.max` for the whole run, nil for no wait.
    var warmUntilNs: Int64?

    var json: String {
        let buckets = asset.series.buckets
        let marks = asset.fillMarks.sorted
        let t0 = CalendarUTC.floorDivide(min(buckets.first?.lastNs ?? 0, marks.first?.timeNs ?? .max), 1_000)
        let priceDecimals = max(1, NumberText.decimals(forRange: asset.spec.tickSize, digits: 1))
        let money = decimals(of: buckets.map(\.equity.last) + buckets.map(\.equityWithoutFee))
        let quantity = NumberText.decimals(forRange: asset.spec.lotSize, digits: 1)

        var columns = ["\"t0\":\(t0)", "\"tick\":\(NumberText.compact(asset.spec.tickSize, decimals: 12))"]
        columns.append("\"priceDecimals\":\(min(12, max(0, priceDecimals)))")
        if let warmUntilNs { columns.append("\"warm\":\(CalendarUTC.floorDivide(min(warmUntilNs, buckets.last?.lastNs ?? 0), 1_000) &- t0)") }
        columns.append(times("t", buckets.map(\.lastNs), from: t0))
        columns += range("price", buckets.map(\.price), priceDecimals)
        columns += range("equity", buckets.map(\.equity), money)
        columns.append(numbers("gross", buckets.map(\.equityWithoutFee), money))
        columns += range("position", buckets.map(\.position), quantity)
        columns.append(numbers("drawdown", buckets.map(\.drawdown), money))

        columns.append(times("ft", marks.map(\.timeNs), from: t0))
        columns.append("\"fg\":[\(marks.map { "\($0.group)" }.joined(separator: ","))]")
        columns.append(numbers("fp", marks.map(\.meanPrice), priceDecimals + 1))
        columns.append(numbers("fq", marks.map(\.quantity), quantity))
        columns.append(numbers("fx", marks.map(\.position), quantity))
        columns.append(
            "\"fn\":[\(asset.fillMarks.isAggregated ? marks.map { "\($0.count)" }.joined(separator: ",") : "")]")
        return "{" + columns.joined(separator: ",\n") + "}"
    }

    /// Enough for a ten-thousandth of the column's range.
    private func decimals(of values: [Double]) -> Int {
        var low = Double.nan, high = Double.nan
        for value in values where value.isFinite { (low, high) = (Double.minimum(low, value), Double.maximum(high, value)) }
        return NumberText.decimals(forRange: high - low, digits: 4)
    }

    private func times(_ name: String, _ ns: [Int64], from t0: Int64) -> String {
        var before = t0
        let steps = ns.map { time in
            let now = CalendarUTC.floorDivide(time, 1_000)
            defer { before = now }
            return "\(now &- before)"
        }
        return "\"\(name)\":[\(steps.joined(separator: ","))]"
    }

    private func range(_ name: String, _ values: [ChartRange], _ decimals: Int) -> [String] {
        [
            numbers(name, values.map(\.last), decimals),
            numbers(name + "Low", values.map { $0.last - $0.low }, decimals),
            numbers(name + "High", values.map { $0.high - $0.last }, decimals),
        ]
    }

    private func numbers(_ name: String, _ values: [Double], _ decimals: Int) -> String {
        "\"\(name)\":[\(values.map { NumberText.compact($0, decimals: decimals) }.joined(separator: ","))]"
    }
}
