import HBTTypes

/// A synthetic market as a stream of rows: any length, flat memory, the same bytes on any machine.
///
/// Time advances in milliseconds of the venue's clock. A fair value (`FairValue`) wanders; the touch
/// follows it in moves once it has strayed far enough; in between, the sizes at the touch and the
/// direction of market orders lean toward it, which is what makes imbalance mildly informative.
/// Market orders excite further ones (A. G. Hawkes, 1971). Every trade consumes quantity the feed
/// has shown, and the depth rows after it say so.
public final class MarketGenerator: EventSource {
    public let parameters: MarketParameters

    let tickRate: UnitRate, lotRate: UnitRate
    var random: SeededRandom
    var fair: FairValue
    var delay: FeedDelay
    var book: SyntheticBook
    var merger = MessageMerger()
    /// Milliseconds since the start.
    var nowMs: Int64 = 0
    let endMs: Int64
    var nextMessageMs: Int64 = 0
    /// Levels the feed has not shown yet, other than by trades, are near the best price.
    var hasUnpublishedTouch = false
    /// Rows owed to the target rate.
    var rowBudget = 0.0
    /// Extra order rate a millisecond from recent orders.
    var buyExcitement = 0.0, sellExcitement = 0.0
    var changes: [SyntheticBook.Change] = []
    /// The window of ticks the book may use now.
    var window: (lowest: Int, highest: Int)
    /// How far the fair value may stray from the mid before the touch follows, ticks; in proportion
    /// to the regime, so that moves grow larger and not more frequent.
    let band: Double
    let touchLots: Double, levelLots: Double, orderLots: Double

    private var output: [MarketEvent] = []
    private var outputHead = 0
    private var hasStarted = false, hasEnded = false

    /// - Throws: `invalid`, naming the parameter out of bounds.
    public init(_ parameters: MarketParameters = MarketParameters()) throws(MarketDataError) {
        try parameters.check()
        self.parameters = parameters
        tickRate = UnitRate(parameters.tickSize)
        lotRate = UnitRate(parameters.lotSize)
        let start = Int((parameters.startPrice / parameters.tickSize).rounded())
        let reach = Int((Double(start) * parameters.depthShare).rounded())
        // √86,400 s
        let volatility = Double(start) * parameters.volatilityPerDay / 293.938769133981
        fair = FairValue(start: Double(start) + 0.5, volatility: volatility, lowest: Double(2 * reach))
        band = MarketGenerator.band(volatility: volatility, movesPerSecond: parameters.quoteMovesPerSecond)
        guard band * 3 < Double(reach) else {
            throw MarketDataError(
                path: "",
                .invalid(
                    "the touch would move by \(band) ticks at a time in a book of \(reach) ticks; "
                        + "raise quoteMovesPerSecond or depthShare, or lower volatilityPerDay"))
        }
        touchLots = parameters.touchQuantity / parameters.lotSize
        levelLots = parameters.levelQuantity / parameters.lotSize
        orderLots = parameters.orderQuantity / parameters.lotSize
        random = SeededRandom(seed: parameters.seed)
        delay = FeedDelay(parameters)
        book = SyntheticBook(bestBid: start, reach: reach, touchLots: max(1, Int(touchLots)))
        window = (start - reach, start + 1 + reach)
        endMs = parameters.durationNs / 1_000_000
    }

    public func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        var n = 0
        while n < buffer.count {
            if outputHead == output.count {
                output.removeAll(keepingCapacity: true)
                outputHead = 0
                guard !hasEnded else { break }
                advance()
                continue
            }
            let count = min(buffer.count - n, output.count - outputHead)
            for i in 0..<count { buffer[n + i] = output[outputHead + i] }
            n += count
            outputHead += count
        }
        return n
    }

    private func advance() {
        if !hasStarted {
            hasStarted = true
            open()
        } else if nowMs < endMs {
            nowMs += 1
            step()
        } else {
            publishDepth()
            hasEnded = true
            merger.drain(nowNs: .max, into: &output)
            return
        }
        merger.drain(nowNs: exchangeNs, into: &output)
    }

    var exchangeNs: Int64 { parameters.startNs + nowMs * 1_000_000 }

    private func step() {
        fair.step(&random)
        delay.step(&random)
        rowBudget += parameters.rowsPerSecond * 0.001
        buyExcitement -= buyExcitement * 0.01
        sellExcitement -= sellExcitement * 0.01
        let band = self.band * fair.regimeFactor
        let distance = fair.value - mid
        if abs(distance) > band { moveTouch() } else { orderFlow(lean: distance / band) }
        quoteFlow(lean: min(max((fair.value - mid) / band, -1), 1))
        if nowMs >= nextMessageMs { publishDepth() }
    }

    /// A Brownian path of variance s² a second leaves ±b after b²/s² seconds on average.
    private static func band(volatility: Double, movesPerSecond: Double) -> Double {
        max(0.75, volatility / movesPerSecond.squareRoot())
    }

    /// Between the best bid and ask, ticks.
    var mid: Double { Double(book.bestBid + book.bestAsk) / 2 }
}
