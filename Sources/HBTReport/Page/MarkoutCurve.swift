import HBTTypes

/// Mean markout against the horizon as inline SVG, with and without the spread.
struct MarkoutCurve {
    let row: MarkoutRow

    private static let left = 56.0, right = 548.0, top = 26.0, bottom = 306.0

    var svg: String {
        let with = row.cells.map(\.withSpread.weightedBps), without = row.cells.map(\.withoutSpread.weightedBps)
        let known = (with + without).filter(\.isFinite)
        guard let lowest = known.min(), let highest = known.max() else { return "" }
        let margin = max(highest, 0) - min(lowest, 0)
        let low = min(lowest, 0) - 0.08 * margin - 1e-9, high = max(highest, 0) + 0.08 * margin + 1e-9
        func y(_ value: Double) -> Double { Self.bottom - (value - low) / (high - low) * (Self.bottom - Self.top) }
        let step = (Self.right - Self.left - 40) / Double(max(1, row.cells.count - 1))
        func x(_ i: Int) -> Double { Self.left + 20 + Double(i) * step }

        var out = "<svg viewBox=\"0 0 560 345\" role=\"img\" aria-label=\"Mean markout of all fills by horizon\">"
        out += "<title>Mean markout of all fills by horizon, bps, quantity-weighted</title>"
        for tick in AxisTicks.linear(from: low, to: high, most: 5) {
            let at = BarChart.svg(y(tick))
            out += "<line class=\"\(tick == 0 ? "axis" : "gridline")\" x1=\"\(Self.left)\" x2=\"\(Self.right)\" y1=\"\(at)\" y2=\"\(at)\"/>"
            out += BarChart.tick(NumberText.trimmed(tick, 6), anchor: "end", x: Self.left - 6, y: y(tick) + 4)
        }
        for (i, cell) in row.cells.enumerated() {
            let label = cell.horizonNs == 0 ? "at fill" : DurationText.text(ns: cell.horizonNs)
            out += BarChart.tick(label, anchor: "middle", x: x(i), y: 330)
        }
        for (name, values) in [("with", with), ("without", without)] {
            let points = values.enumerated().filter { $0.element.isFinite }
            let path = points.map { "\(BarChart.svg(x($0.offset))),\(BarChart.svg(y($0.element)))" }.joined(separator: " ")
            out += "<polyline class=\"curve-\(name)\" points=\"\(path)\"/>"
            for point in points {
                let place = "cx=\"\(BarChart.svg(x(point.offset)))\" cy=\"\(BarChart.svg(y(point.element)))\""
                out += "<circle class=\"dot-\(name)\" r=\"3.5\" \(place)><title>\(NumberText.fixed(point.element, 3)) bps \(name) the spread</title></circle>"
            }
        }
        out += "<text class=\"key-with\" x=\"\(Self.left)\" y=\"14\">● with the spread</text>"
        out += "<text class=\"key-without\" x=\"\(Self.left + 140)\" y=\"14\">● without the spread</text>"
        return out + "<text class=\"tick\" text-anchor=\"end\" x=\"\(Self.right)\" y=\"14\">bps</text></svg>"
    }
}
