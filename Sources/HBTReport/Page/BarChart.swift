import Foundation

/// A histogram as inline SVG.
struct BarChart {
    struct Bar {
        var lower: Double
        var upper: Double
        /// Of the whole, 0 … 1.
        var share: Double
        var tip: String
        /// CSS class: `plain`, `long`, `short`, `flat`.
        var kind: String
    }
    enum Scale { case linear, logarithmic }

    let title: String
    let bars: [Bar]
    let scale: Scale
    let format: (Double) -> String

    private static let width = 560.0, height = 220.0, left = 48.0, right = 12.0, top = 10.0, bottom = 28.0

    var svg: String {
        guard let first = bars.first, let last = bars.last else { return "" }
        var low = transform(first.lower), high = transform(last.upper)
        // A single latency is not a wall but a bar with room around it.
        let least = scale == .logarithmic ? 1.2 : 0
        if high - low < least {
            let middle = (low + high) / 2
            (low, high) = (middle - least / 2, middle + least / 2)
        }
        let peak = max(bars.map(\.share).max() ?? 1, 1e-9)
        let plotWidth = Self.width - Self.left - Self.right, plotHeight = Self.height - Self.top - Self.bottom
        func x(_ value: Double) -> Double { Self.left + (value - low) / (high - low) * plotWidth }
        func y(_ share: Double) -> Double { Self.top + (1 - share / peak) * plotHeight }

        var out = "<svg viewBox=\"0 0 560 220\" role=\"img\" aria-label=\"\(HTMLText.escape(title))\"><title>\(HTMLText.escape(title))</title>"
        for tick in AxisTicks.linear(from: 0, to: peak * 100, most: 4) {
            out += line("gridline", y: y(tick / 100))
            out += Self.tick("\(NumberText.trimmed(tick, 6)) %", anchor: "end", x: Self.left - 6, y: y(tick / 100) + 4)
        }
        for bar in bars {
            let from = x(transform(bar.lower)), to = x(transform(bar.upper))
            let gap = to - from > 4 ? 1.0 : 0
            let across = "x=\"\(Self.svg(from + gap / 2))\" width=\"\(Self.svg(max(0.8, to - from - gap)))\""
            let along = "y=\"\(Self.svg(y(bar.share)))\" height=\"\(Self.svg(max(0.6, y(0) - y(bar.share))))\""
            out += "<rect class=\"bar-\(bar.kind)\" \(across) \(along)><title>\(HTMLText.escape(bar.tip))</title></rect>"
        }
        for (value, label) in xTicks(low, high) {
            // Not beyond the edge of the picture.
            let atEdge = x(value) > Self.width - Self.right - 14
            out += Self.tick(label, anchor: atEdge ? "end" : "middle", x: atEdge ? Self.width - 2 : x(value), y: Self.height - 8)
        }
        return out + line("axis", y: y(0)) + "</svg>"
    }

    /// From the left edge of the plot to the right one.
    private func line(_ name: String, y: Double) -> String {
        "<line class=\"\(name)\" x1=\"\(Self.svg(Self.left))\" x2=\"\(Self.svg(Self.width - Self.right))\" y1=\"\(Self.svg(y))\" y2=\"\(Self.svg(y))\"/>"
    }

    private func transform(_ value: Double) -> Double { scale == .linear ? value : log2(max(value, 0.5)) }

    private func xTicks(_ low: Double, _ high: Double) -> [(Double, String)] {
        guard scale == .logarithmic else {
            return AxisTicks.linear(from: low, to: high, most: 6).map { ($0, NumberText.trimmed($0, 9)) }
        }
        // 1-2-5 steps while they fit, else whole decades.
        let mantissas = high - low > 14 ? [1.0] : high - low > 7 ? [1.0, 3] : high - low > 3 ? [1.0, 2, 5] : [1.0, 1.5, 2, 3, 5, 7]
        var ticks: [(Double, String)] = [], decade = 1.0
        while decade < 1e19 {
            for mantissa in mantissas {
                let at = log2(mantissa * decade)
                if at >= low, at <= high { ticks.append((at, format(mantissa * decade))) }
            }
            decade *= 10
        }
        return ticks.isEmpty ? [((low + high) / 2, format(exp2((low + high) / 2)))] : ticks
    }

    /// The label of a place on an axis.
    static func tick(_ label: String, anchor: String, x: Double, y: Double) -> String {
        "<text class=\"tick\" text-anchor=\"\(anchor)\" x=\"\(svg(x))\" y=\"\(svg(y))\">\(label)</text>"
    }

    static func svg(_ value: Double) -> String { NumberText.compact(value, decimals: 2) }
}
