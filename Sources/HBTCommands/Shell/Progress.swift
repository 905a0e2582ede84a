/// A bar on the terminal for work of more than two seconds.
///
/// Drawn on standard error, ten times a second at most, and wiped when the work ends.
final class Progress {
    private static let showAfter = Duration.seconds(1)
    private static let redrawAfter = Duration.milliseconds(100)

    private let console: Console
    private let isShown: Bool
    /// What is counted: `rows`.
    private let unit: String
    private let total: Int64?
    private let started = ContinuousClock.now
    private var drawn: ContinuousClock.Instant?

    /// - Parameter total: nil when nobody knows.
    init(_ console: Console, quiet: Bool, unit: String, total: Int64?) {
        self.console = console
        isShown = console.isWatched && !quiet
        self.unit = unit
        self.total = total.flatMap { $0 > 0 ? $0 : nil }
    }

    func update(_ done: Int64) {
        guard isShown else { return }
        let now = ContinuousClock.now
        let elapsed = started.duration(to: now)
        if let drawn {
            guard drawn.duration(to: now) >= Self.redrawAfter else { return }
        } else {
            guard elapsed >= Self.showAfter else { return }
            // What will be over in two seconds needs no bar.
            if let total, done > 0, elapsed.asSeconds * Double(total) / Double(done) < 2 { return }
        }
        drawn = now
        console.redraw(Self.line(done: done, of: total, unit: unit, seconds: elapsed.asSeconds))
    }

    func end() {
        if drawn != nil { console.redraw("") }
        drawn = nil
    }

    static func line(done: Int64, of total: Int64?, unit: String, seconds: Double) -> String {
        let rate = seconds > 0 ? Double(done) / seconds : 0
        let speed = "\(short(rate)) \(unit)/s"
        guard let total else { return "\(grouped(done)) \(unit)  \(speed)" }
        // Rows that a converter splits can make the total an estimate.
        let share = min(1, Double(done) / Double(total))
        let width = 20
        let full = Int(share * Double(width))
        let bar = String(repeating: "#", count: full) + String(repeating: ".", count: width - full)
        let left = rate > 0 ? "\(Int(max(0, Double(total - done) / rate).rounded(.up))) s left" : ""
        return "[\(bar)] \(Int(share * 100)) %  \(short(Double(done))) of \(short(Double(total))) \(unit)  \(speed)  \(left)"
    }

    /// `8.6 M`
    private static func short(_ value: Double) -> String {
        for (scale, letter) in [(1e9, " G"), (1e6, " M"), (1e3, " k")] where value >= scale {
            let tenths = Int((value / scale * 10).rounded())
            return "\(tenths / 10).\(tenths % 10)\(letter)"
        }
        return "\(Int(value))"
    }

    private static func grouped(_ value: Int64) -> String { short(Double(value)) }
}

extension Duration {
    var asSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
