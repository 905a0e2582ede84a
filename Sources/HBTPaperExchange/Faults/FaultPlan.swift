import HBTMarketData

/// How often what goes wrong; everything drawn from one seed.
public struct FaultPlan: Equatable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// Per frame.
        case disconnect, delay, duplicate, reorder, drop
        /// Per depth message: it never happens, so that the ids leave a gap.
        case gap
        /// Per depth snapshot: an old one.
        case stale
        /// Per request: 429, 418, 5xx.
        case throttle, ban, failure
        /// Per order: refused; taken but never answered; never taken and never answered.
        case reject, unanswered, lost
        /// Per minute and listen key.
        case expiry
        /// Per minute: the venue's clock jumps for a minute.
        case clock
    }

    public var seed: UInt64 = 1
    /// Chance of each, 0...1.
    public var rates: [Kind: Double] = [:]
    /// The longest delay of a frame or an answer.
    public var maximumDelayMs: Int64 = 2000
    /// Size of a clock step.
    public var clockStepMs: Int64 = 3000
    /// The venue ends every socket after this long.
    public var connectionLifeNs: Int64 = 86_400_000_000_000

    public init() {}

    /// Sets one switch from `name=value`; `seed=7`, `drop=0.01`, `delayMs=500`, `clockMs=3000`, `lifeS=60`.
    ///
    /// - Returns: nil when done, otherwise what is wrong.
    public mutating func set(_ text: String) -> String? {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return "fault \(text): name=value expected" }
        switch parts[0] {
        case "seed":
            guard let value = UInt64(parts[1]) else { return "fault seed=\(parts[1]): a whole number expected" }
            seed = value
        case "delayMs", "clockMs", "lifeS":
            guard let value = Int64(parts[1]), value > 0, value < 1_000_000_000 else { return "fault \(text): a positive whole number expected" }
            switch parts[0] {
            case "delayMs": maximumDelayMs = value
            case "clockMs": clockStepMs = value
            default: connectionLifeNs = value * 1_000_000_000
            }
        default:
            guard let kind = Kind(rawValue: parts[0]) else {
                return "there is no fault \(parts[0]); faults are \(Kind.allCases.map(\.rawValue).joined(separator: ", "))"
            }
            guard let rate = Double(parts[1]), rate >= 0, rate <= 1 else { return "fault \(text): a chance between 0 and 1 expected" }
            rates[kind] = rate
        }
        return nil
    }
}

/// Draws faults. A kind whose rate is 0 draws nothing, so that switching one on leaves the others' numbers alone.
struct FaultSource {
    /// A change leaves what has been drawn where it is; only another seed begins anew.
    var plan: FaultPlan {
        didSet { if plan.seed != oldValue.seed { random = Self.generators(plan.seed) } }
    }
    private var random: [SeededRandom]

    init(_ plan: FaultPlan) {
        self.plan = plan
        random = Self.generators(plan.seed)
    }

    private static func generators(_ seed: UInt64) -> [SeededRandom] {
        FaultPlan.Kind.allCases.indices.map { SeededRandom(seed: seed &* 1_000_003 &+ UInt64($0)) }
    }

    mutating func strikes(_ kind: FaultPlan.Kind) -> Bool {
        guard let rate = plan.rates[kind], rate > 0, let i = FaultPlan.Kind.allCases.firstIndex(of: kind) else { return false }
        return random[i].uniform() < rate
    }

    /// In 1...maximum.
    mutating func delayMs() -> Int64 {
        guard let i = FaultPlan.Kind.allCases.firstIndex(of: .delay) else { return 1 }
        return 1 + Int64(random[i].below(Int(plan.maximumDelayMs)))
    }
}
