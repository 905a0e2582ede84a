import HBTTypes
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Fits the exponent of a queue model to own fills and non-fills by maximum likelihood, or says why it cannot.
public struct QueueCalibration: Sendable {
    public enum Family: String, Sendable, CaseIterable {
        case powerProb = "power_prob", powerProb2 = "power_prob2", powerProb3 = "power_prob3"
        case logProb = "log_prob", logProb2 = "log_prob2", riskAverse = "risk_averse"

        public var hasExponent: Bool { self == .powerProb || self == .powerProb2 || self == .powerProb3 }

        public func model(_ n: Double) -> QueueModel {
            switch self {
            case .powerProb: .powerProb(n: n)
            case .powerProb2: .powerProb2(n: n)
            case .powerProb3: .powerProb3(n: n)
            case .logProb: .logProb
            case .logProb2: .logProb2
            case .riskAverse: .riskAverse
            }
        }
    }

    /// One family at its best.
    public struct Fit: Equatable, Sendable {
        public var family: Family
        /// nil for families without one.
        public var exponent: Double?
        /// From the observed information; nil when the data does not tell the exponent.
        public var standardError: Double?
        /// φ: variance per spread of the model's own making; see `QueueLikelihood`.
        public var noise: Double
        public var logLikelihood: Double
        /// Mean log likelihood of the last orders under the fit to those before them.
        public var outOfSample: Double?
        /// Why the exponent must not be used; nil when it may.
        public var refusal: String?
    }

    public let orders: Int
    public let fills: Int
    /// In the order of `Family`.
    public let fits: [Fit]
    /// Why nothing was fitted at all.
    public let refusal: String?

    public static let fewestFills = 30
    public static let fewestOrders = 60
    /// Exponents that are looked at.
    public static let exponents = 0.1...20.0
    /// Share of the orders, the last ones, that is kept for the score.
    private static let heldBack = 0.3
    /// Nats by which the best must beat both ends.
    private static let clearDifference = 2.0
    /// Of the exponent's logarithm.
    private static let widestError = 0.5

    /// The family with the best score out of sample among those that were not refused.
    public var best: Fit? {
        fits.filter { $0.refusal == nil }.max { ($0.outOfSample ?? -.infinity) < ($1.outOfSample ?? -.infinity) }
    }

    /// - Parameter histories: in the order of their times.
    public init(_ histories: [QueueHistory], families: [Family] = Family.allCases) {
        orders = histories.count
        fills = histories.count(where: \.isFilled)
        if fills < Self.fewestFills || orders < Self.fewestOrders {
            fits = []
            refusal = "\(orders) orders with \(fills) fills at their own price say too little; "
                + "\(Self.fewestOrders) orders and \(Self.fewestFills) fills are the least"
            return
        }
        if fills == orders {
            fits = []
            refusal = "every order was filled; without orders that were not, the queue cannot be told"
            return
        }
        refusal = nil
        fits = families.map { Self.fit($0, histories) }
    }

    private static func fit(_ family: Family, _ histories: [QueueHistory]) -> Fit {
        let whole = histories[...]
        let found = maximum(family, whole)
        var fit = Fit(family: family, exponent: found.n, noise: exp(found.logNoise), logLikelihood: found.value)
        let cut = histories.count - Int(heldBack * Double(histories.count))
        let early = maximum(family, histories[..<cut])
        let late = QueueLikelihood.standings(histories[cut...], family.model(early.n ?? 1))
        fit.outOfSample = QueueLikelihood.value(late, logNoise: early.logNoise) / Double(late.count)
        guard let n = found.n else { return fit }
        let error = standardError(family, whole, logN: log(n), logNoise: found.logNoise)
        fit.standardError = error.map { $0 * n }
        let ends = [exponents.lowerBound, exponents.upperBound].map { QueueLikelihood.best(QueueLikelihood.standings(whole, family.model($0))).value }
        if ends.contains(where: { found.value - $0 < clearDifference }) {
            let end = found.value - ends[0] < clearDifference ? exponents.lowerBound : exponents.upperBound
            fit.refusal = "an exponent of \(end) fits as well: these orders do not tell it"
        } else if let error {
            if error > widestError { fit.refusal = "the exponent is known to a factor of \(exp(error)) only: more fills are needed" }
        } else {
            fit.refusal = "the likelihood has no clear top: these orders do not tell the exponent"
        }
        return fit
    }

    private static func maximum(_ family: Family, _ histories: ArraySlice<QueueHistory>) -> (n: Double?, logNoise: Double, value: Double) {
        guard family.hasExponent else {
            let best = QueueLikelihood.best(QueueLikelihood.standings(histories, family.model(1)))
            return (nil, best.logNoise, best.value)
        }
        func value(_ logN: Double) -> Double { QueueLikelihood.best(QueueLikelihood.standings(histories, family.model(exp(logN)))).value }
        let low = log(exponents.lowerBound), high = log(exponents.upperBound), steps = 16
        var best = (at: low, value: -Double.infinity)
        for step in 0...steps {
            let at = low + (high - low) * Double(step) / Double(steps)
            let found = value(at)
            if found > best.value { best = (at, found) }
        }
        let width = (high - low) / Double(steps)
        let top = Maximum.find(max(low, best.at - width)...min(high, best.at + width), steps: 14, value)
        let logN = top.value > best.value ? top.at : best.at
        let noise = QueueLikelihood.best(QueueLikelihood.standings(histories, family.model(exp(logN))))
        return (exp(logN), noise.logNoise, noise.value)
    }

    /// Of the exponent's logarithm: from the second derivatives at the top, noise included.
    private static func standardError(_ family: Family, _ histories: ArraySlice<QueueHistory>, logN: Double, logNoise: Double) -> Double? {
        // Without noise to speak of its derivative is nothing; it is held fast then.
        let isFixed = logNoise < QueueLikelihood.lowestLogNoise + 0.5 || logNoise > QueueLikelihood.highestLogNoise - 0.5
        func error(_ h: Double) -> Double? {
            let k = 0.25
            let at = [-h, 0, h].map { QueueLikelihood.standings(histories, family.model(exp(logN + $0))) }
            func l(_ i: Int, _ noise: Double) -> Double { QueueLikelihood.value(at[i], logNoise: logNoise + noise) }
            let middle = l(1, 0)
            let nn = -(l(0, 0) - 2 * middle + l(2, 0)) / (h * h)
            guard nn > 0 else { return nil }
            if isFixed { return 1 / nn.squareRoot() }
            let ss = -(l(1, -k) - 2 * middle + l(1, k)) / (k * k)
            let ns = -(l(2, k) - l(2, -k) - l(0, k) + l(0, -k)) / (4 * h * k)
            let determinant = nn * ss - ns * ns
            return determinant > 0 && ss > 0 ? (ss / determinant).squareRoot() : 1 / nn.squareRoot()
        }
        // The step should be of the size of what it measures: the likelihood has small kinks.
        guard let rough = error(0.1) else { return nil }
        return error(min(max(rough, 0.02), 0.4)) ?? rough
    }
}
