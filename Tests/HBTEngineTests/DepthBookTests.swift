import HBTTypes
import Testing

@testable import HBTEngine

/// `DepthBook` against its slow twin on the same random updates, over both kinds of levels.
@Suite struct DepthBookTests {
    struct Setup: Sendable, CustomTestStringConvertible {
        let isReference: Bool
        let isDense: Bool
        var testDescription: String { "\(isDense ? "dense" : "paged"), \(isReference ? "reference" : "none")" }
    }
    static let setups = [true, false].flatMap { r in [true, false].map { Setup(isReference: r, isDense: $0) } }

    @Test(arguments: setups)
    func equalsTheNaiveBook(setup: Setup) {
        for seed in 0..<150 as Range<UInt64> {
            // Two pages and the border between them are in reach.
            let center: Int64 = seed % 2 == 0 ? 256 : 1_000
            let spread: Int64 = seed % 3 == 0 ? 400 : 6
            let grid = Grid(tickSize: 1, lotSize: 1)
            if setup.isDense {
                let spec = BookSpec.roi(lower: Double(center - spread + 2), upper: Double(center + spread - 2))
                compare(DepthBook<DenseLevels>(grid: grid, spec: spec, isReference: setup.isReference), setup, seed, center, spread)
            } else {
                compare(DepthBook<PagedLevels>(grid: grid, spec: .hash, isReference: setup.isReference), setup, seed, center, spread)
            }
        }
    }

    private func compare<Levels: LevelStore>(
        _ fast: DepthBook<Levels>, _ setup: Setup, _ seed: UInt64, _ center: Int64, _ spread: Int64
    ) {
        var fast = fast
        defer { fast.deallocate() }
        var slow = NaiveBook(
            range: setup.isDense ? (center - spread + 2)...(center + spread - 2) : nil, isReference: setup.isReference)
        var random = Dice(seed)
        for step in 0..<400 {
            let tick = center + random.int(-spread...spread)
            let where_ = Comment("seed \(seed), step \(step), tick \(tick)")
            switch random.int(0...99) {
            case 0..<42:
                let (quantity, lots) = size(&random)
                let change = fast.setBid(tick, quantity, sign: Int8(lots.signum()))
                #expect(change.previousQuantity == slow.setBid(tick, quantity, lots: lots), where_)
            case 42..<84:
                let (quantity, lots) = size(&random)
                let change = fast.setAsk(tick, quantity, sign: Int8(lots.signum()))
                #expect(change.previousQuantity == slow.setAsk(tick, quantity, lots: lots), where_)
            case 84..<90:
                fast.clearBids(downTo: tick, isRanged: true)
                slow.clearBids(tick)
            case 90..<96:
                fast.clearAsks(upTo: tick, isRanged: true)
                slow.clearAsks(tick)
            case 96:
                fast.clearBids(downTo: 0, isRanged: false)
                slow.clearBids(nil)
            case 97:
                fast.clearAsks(upTo: 0, isRanged: false)
                slow.clearAsks(nil)
            case 98:
                fast.clearBoth()
                slow.clearBids(nil)
                slow.clearAsks(nil)
            default:
                continue
            }
            #expect(fast.bestBidTick == slow.bestBid, where_)
            #expect(fast.bestAskTick == slow.bestAsk, where_)
            let probe = center + random.int(-spread...spread)
            if fast.isInRange(probe) {
                #expect(fast.bidQuantity(probe) == slow.bids[probe] ?? 0, where_)
                #expect(fast.askQuantity(probe) == slow.asks[probe] ?? 0, where_)
            } else {
                #expect(fast.bidQuantity(probe).isNaN && fast.askQuantity(probe).isNaN, where_)
            }
            if !setup.isReference { #expect(slow.bestBid < slow.bestAsk, "the twin itself is uncrossed") }
        }
    }

    /// A quantity and its size in lots of 1.
    private func size(_ random: inout Dice) -> (Double, Int64) {
        switch random.int(0...9) {
        case 0, 1, 2: (0, 0)
        case 3: (0.4, 0)
        default: { let lots = random.int(1...9); return (Double(lots), lots) }()
        }
    }

    @Test(arguments: [BookSpec.hash, .roi(lower: 0, upper: 4_000)])
    func sumsEqualTheSumOfTheirLevels(spec: BookSpec) {
        let grid = Grid(tickSize: 1, lotSize: 1)
        func check<Levels: LevelStore>(_ levels: Levels) {
            var levels = levels
            defer { levels.deallocate() }
            var random = Dice(5)
            var twin: [Int64: Double] = [:]
            for _ in 0..<600 {
                let tick = random.int(0...2_000)
                let quantity = Double(random.int(0...9))
                levels.set(tick, quantity)
                twin[tick] = quantity
            }
            for _ in 0..<400 {
                let a = random.int(0...2_000), b = random.int(0...2_000)
                let (lower, upper) = (min(a, b), max(a, b))
                // Whole numbers: every order of additions gives the same sum.
                let wanted = twin.filter { $0.key >= lower && $0.key < upper }.values.reduce(0, +)
                #expect(levels.sum(from: lower, upTo: upper) == wanted)
                #expect(levels.serialSum(from: lower, upTo: upper, isDescending: true) == wanted)
                #expect(levels.serialSum(from: lower, upTo: upper, isDescending: false) == wanted)
            }
        }
        if case .hash = spec { check(PagedLevels(grid: grid, spec: spec)) } else { check(DenseLevels(grid: grid, spec: spec)) }
    }
}
