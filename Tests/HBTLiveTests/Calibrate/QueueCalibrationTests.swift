import HBTEngine
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTLive

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Levels whose orders are filled as a model has it, but for an error of its own for each order, of the size that the
/// likelihood speaks of.
private struct QueueWorld {
    var random: SeededRandom
    let model: QueueModel
    let noise: Double

    init(seed: UInt64, model: QueueModel, noise: Double = 0.5) {
        random = SeededRandom(seed: seed)
        self.model = model
        self.noise = noise
    }

    mutating func history(cancels: Bool = true) -> QueueHistory {
        let start = 20 + Double(random.below(60))
        var level = start, events: [QueueHistory.Event] = []
        var queue = QueueEstimate(model: model, lotSize: 1, ahead: start)
        let error = normal(), floor = 0.02 * start + 0.5
        for _ in 0..<(20 + random.below(120)) {
            let size = 1 + Double(random.below(6)), kind = random.below(10)
            let next: Double
            if kind >= 8 {
                events.append(.trade(size))
                queue.trade(size)
                next = max(level - size, 1)
            } else if kind < 4 {
                next = level + size
            } else {
                guard cancels, level > size else { continue }
                next = level - size
            }
            if (queue.ahead + 0.5) / (noise * queue.spread + floor * floor).squareRoot() < error {
                return QueueHistory(ahead: start, lotSize: 1, events: events, end: .filled(events.count - 1..<events.count))
            }
            events.append(.depth(previous: level, now: next))
            queue.depth(previous: level, now: next)
            level = next
            if (queue.ahead + 0.5) / (noise * queue.spread + floor * floor).squareRoot() < error {
                return QueueHistory(ahead: start, lotSize: 1, events: events, end: .filled(events.count - 1..<events.count))
            }
        }
        return QueueHistory(ahead: start, lotSize: 1, events: events, end: .censored)
    }

    mutating func histories(_ count: Int, cancels: Bool = true) -> [QueueHistory] { (0..<count).map { _ in history(cancels: cancels) } }

    /// Box and Muller.
    private mutating func normal() -> Double { (-2 * log(1 - random.uniform())).squareRoot() * cos(2 * .pi * random.uniform()) }
}

struct QueueCalibrationTests {
    /// At two standard errors one try in twenty misses: more than two of twelve would happen in one of fifty such tests.
    @Test(arguments: [1.0, 2.0, 3.0])
    func aKnownExponentIsFoundWithinTwoStandardErrors(exponent: Double) throws {
        var misses = 0, tries = 0
        for seed in UInt64(1)...12 {
            var world = QueueWorld(seed: seed * 97, model: .powerProb(n: exponent))
            let calibration = QueueCalibration(world.histories(300), families: [.powerProb])
            #expect(calibration.refusal == nil)
            let fit = try #require(calibration.fits.first)
            #expect(fit.refusal == nil, "seed \(seed)")
            let found = try #require(fit.exponent), error = try #require(fit.standardError)
            #expect(error < exponent, "seed \(seed): \(found) ± \(error)")
            tries += 1
            if abs(found - exponent) > 2 * error { misses += 1 }
        }
        #expect(tries == 12)
        #expect(misses <= 2)
    }

    @Test func theRightFamilyScoresBestOutOfSample() throws {
        var world = QueueWorld(seed: 4, model: .powerProb(n: 3))
        let calibration = QueueCalibration(world.histories(600))
        let best = try #require(calibration.best)
        #expect(best.family == .powerProb || best.family == .powerProb3, "\(calibration.fits.map { "\($0.family) \($0.outOfSample ?? 0)" })")
        let averse = try #require(calibration.fits.first { $0.family == .riskAverse })
        #expect((best.outOfSample ?? -9) > (averse.outOfSample ?? 9) + 0.02)
    }

    /// The case that a backtest is: no error at all. What is found lies nearer than the error says, as the likelihood
    /// always allows for some.
    @Test(arguments: [1.0, 3.0])
    func withoutNoiseTheExponentIsFoundToo(exponent: Double) throws {
        for seed in UInt64(1)...4 {
            var world = QueueWorld(seed: seed, model: .powerProb(n: exponent), noise: 0)
            let fit = try #require(QueueCalibration(world.histories(300), families: [.powerProb]).fits.first)
            let found = try #require(fit.exponent), error = try #require(fit.standardError)
            #expect(fit.refusal == nil && abs(found - exponent) < 2 * error && error < 0.2 * exponent, "seed \(seed): \(found) ± \(error)")
        }
    }

    /// Where nobody cancels, every model says the same.
    @Test func ordersThatTellNothingAreRefused() throws {
        var world = QueueWorld(seed: 9, model: .powerProb(n: 2))
        let calibration = QueueCalibration(world.histories(500, cancels: false), families: [.powerProb])
        let fit = try #require(calibration.fits.first)
        #expect(fit.refusal != nil, "\(fit)")
        #expect(calibration.best == nil)
    }

    @Test func tooFewOrdersAreRefused() {
        var world = QueueWorld(seed: 9, model: .powerProb(n: 2))
        #expect(QueueCalibration(world.histories(30)).refusal?.contains("say too little") == true)
        #expect(QueueCalibration([]).refusal != nil)
        let filled = world.histories(800).filter(\.isFilled)
        #expect(QueueCalibration(filled).refusal?.contains("every order was filled") == true)
    }
}
