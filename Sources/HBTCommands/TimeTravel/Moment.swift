import HBTTypes

/// A moment of a recorded run, as a user names it.
enum Moment: Equatable {
    /// Simulated time, our clock.
    case time(Int64)
    /// Line of `orders.csv`: 1 is the first request.
    case event(Int64)
    /// The first line of `orders.csv` about an order.
    case order(UInt64)
    /// After so many strategy steps.
    case step(Int64)

    /// `2024-08-08T12:00:00Z`, nanoseconds, `event:12`, `order:600083` or `step:100`; nil for anything else.
    init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        if parts.count == 2 {
            switch parts[0] {
            case "event":
                guard let n = Int64(parts[1]), n > 0 else { return nil }
                self = .event(n)
                return
            case "order":
                guard let id = UInt64(parts[1]) else { return nil }
                self = .order(id)
                return
            case "step":
                guard let n = Int64(parts[1]), n >= 0 else { return nil }
                self = .step(n)
                return
            default: break
            }
        }
        guard let ns = TimeText.ns(text) else { return nil }
        self = .time(ns)
    }
}
