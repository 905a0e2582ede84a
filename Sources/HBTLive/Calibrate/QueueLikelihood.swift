import HBTEngine
import HBTTypes
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Likelihood of fills and non-fills under a queue model.
///
/// The model says what is ahead of an order on average; how far it may be off grows with every decrease of the level,
/// because each left either ahead or behind. With a(t) ahead and s(t)² = φ·spread(t) + (2 % of the start + half a lot)²,
/// the order still waits with probability S(t) = Φ((a(t) + half a lot) ÷ s(t)). What is ahead only shrinks, so that
/// being filled between two events has probability S(before) − S(after), and an order cancelled unfilled S(end).
/// One order in a hundred is allowed to be none of this, so that a single one cannot decide.
struct QueueLikelihood {
    /// An order under one model: where it stood before its fill, and after it (or at its end).
    struct Standing {
        var aheadBefore: Double, spreadBefore: Double
        var aheadAfter: Double, spreadAfter: Double
        var isFilled: Bool
        var floor: Double
        var halfLot: Double
        /// Of each outcome, were all equally likely.
        var chance: Double
    }
    private static let outlierShare = 0.01

    static func standings(_ histories: ArraySlice<QueueHistory>, _ model: QueueModel) -> [Standing] { histories.map { standing($0, model) } }

    private static func standing(_ history: QueueHistory, _ model: QueueModel) -> Standing {
        var queue = QueueEstimate(model: model, lotSize: history.lotSize, ahead: history.ahead)
        let range: Range<Int> = if case .filled(let range) = history.end { range } else { history.events.count..<history.events.count }
        var before = (queue.ahead, queue.spread)
        for (index, event) in history.events[..<range.upperBound].enumerated() {
            if index == range.lowerBound { before = (queue.ahead, queue.spread) }
            switch event {
            case .trade(let size): queue.trade(size)
            case .depth(let previous, let now): queue.depth(previous: previous, now: now)
            }
        }
        let floor = 0.02 * history.ahead + 0.5 * history.lotSize
        return Standing(
            aheadBefore: before.0, spreadBefore: before.1, aheadAfter: queue.ahead, spreadAfter: queue.spread, isFilled: history.isFilled,
            floor: floor * floor, halfLot: 0.5 * history.lotSize, chance: 1 / Double(history.tradeCount + 1))
    }

    /// Sum of the logarithms.
    static func value(_ standings: [Standing], logNoise: Double) -> Double {
        let noise = exp(logNoise)
        return standings.reduce(0) { $0 + value($1, noise) }
    }

    private static func value(_ s: Standing, _ noise: Double) -> Double {
        let after = waiting((s.aheadAfter + s.halfLot) / (noise * s.spreadAfter + s.floor).squareRoot())
        let probability = s.isFilled ? waiting((s.aheadBefore + s.halfLot) / (noise * s.spreadBefore + s.floor).squareRoot()) - after : after
        return log((1 - outlierShare) * max(probability, 0) + outlierShare * s.chance)
    }

    /// Standard normal distribution function.
    private static func waiting(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

    /// The noise that fits best, and how well.
    static func best(_ standings: [Standing]) -> (logNoise: Double, value: Double) {
        // Coarse first: the function need not have one hill only.
        var best = (logNoise: lowestLogNoise, value: -Double.infinity)
        for step in 0...24 {
            let logNoise = lowestLogNoise + (highestLogNoise - lowestLogNoise) * Double(step) / 24
            let found = value(standings, logNoise: logNoise)
            if found > best.value { best = (logNoise, found) }
        }
        let width = (highestLogNoise - lowestLogNoise) / 24
        let (at, found) = Maximum.find(max(lowestLogNoise, best.logNoise - width)...min(highestLogNoise, best.logNoise + width), steps: 24) {
            value(standings, logNoise: $0)
        }
        return found > best.value ? (at, found) : best
    }

    static let lowestLogNoise = -9.0
    static let highestLogNoise = 5.0
}

enum Maximum {
    /// Golden-section search (J. Kiefer, "Sequential minimax search for a maximum", 1953).
    static func find(_ range: ClosedRange<Double>, steps: Int, _ value: (Double) -> Double) -> (at: Double, value: Double) {
        let ratio = (5.0.squareRoot() - 1) / 2
        var low = range.lowerBound, high = range.upperBound
        var a = high - ratio * (high - low), b = low + ratio * (high - low)
        var atA = value(a), atB = value(b)
        for _ in 0..<steps {
            if atA < atB {
                (low, a, atA) = (a, b, atB)
                b = low + ratio * (high - low)
                atB = value(b)
            } else {
                (high, b, atB) = (b, a, atA)
                a = high - ratio * (high - low)
                atA = value(a)
            }
        }
        return atA > atB ? (a, atA) : (b, atB)
    }
}
