import HBTMarketData
import HBTTypes
import Testing
@testable import HBTEngine

/// Serial sums that pass blocks of 64 ticks at once against the plain loop over every tick, bit by bit.
struct SerialSumTests {
    /// How quantities come from lots. Decimal sizes have all bits in use; powers of two round nothing;
    /// 1 + 2⁻ʲ lies between two doubles of one binade after the other, so that ties are the rule.
    static let lotValues: [LotValue] = [
        .decimal(0.001), .decimal(0.00001), .decimal(0.3), .decimal(10), .product(1.0 / 3), .product(0x1p-8), .product(0x1p-190), .product(0x1p190),
        .product(1 + 0x1p-50), .product(1 + 0x1p-47), .product(1 + 0x1p-52), .product(1.5 + 0x1p-44), .product(0x1p-400),
    ]

    private struct World {
        let memory: TapeBookMemory
        var book: DepthBook<TapeLevels>
        var plain: [Int64]
        let value: LotValue
        var random: SeededRandom
        let width: Int

        init(_ value: LotValue, seed: UInt64, width: Int) {
            let spec = AssetSpec(symbol: "S", tickSize: 1, lotSize: 1, book: .hash)
            var header = TapeHeader(spec: spec, isReference: true, snapshot: [])
            header.firstTick = 0
            header.width = Int64(width)
            header.lotValue = value
            memory = TapeBookMemory(header: header, hasSums: true)
            book = memory.book(header)
            memory.keepSums(in: &book, isEmpty: false)
            memory.keepSerialSums(in: &book)
            plain = [Int64](repeating: 0, count: 2 * width)
            self.value = value
            self.width = width
            random = SeededRandom(seed: seed)
        }

        /// From single lots to the most a tape holds, mostly like a market's.
        mutating func lots() -> Int64 {
            switch random.below(40) {
            case 0: Int64(1 + random.below(1 << 29))
            case 1, 2: Int64(1) << Int64(random.below(30))
            case 3..<10: Int64(1 + random.below(20_000))
            case 10..<14: 0
            default: Int64(1 + random.below(400))
            }
        }

        mutating func set(_ cell: Int, _ lots: Int64) {
            plain[cell] = lots
            // As a row of a tape is stored.
            let cells = book.bids.cells
            book.bids.serial?[cell >> 6].change(from: cells[cell], to: Int32(lots), lotSize: book.bids.lotSize, value: value)
            book.bids.blocks.unsafelyUnwrapped[(cell >> 8) * 4 + cell & 3] &+= lots - Int64(cells[cell])
            cells[cell] = Int32(lots)
        }

        func sum(_ cells: [Int]) -> Double { cells.reduce(0.0) { $0 + value(plain[$1]) } }
        func isWrong(_ sum: Double, _ cells: [Int]) -> Bool { sum.bitPattern != self.sum(cells).bitPattern }

        /// Both sums of a range, up and down, of either side; false when one differs from the plain loop.
        func isEqual(from lower: Int, upTo upper: Int) -> Bool {
            let range = (max(lower, 0)..<max(upper, max(lower, 0))).clamped(to: 0..<width)
            let (low, high) = (Int64(lower), Int64(upper))
            let bids = Array(range), asks = range.map { $0 + width }
            return !isWrong(book.bids.serialSum(from: low, upTo: high, isDescending: true), bids.reversed())
                && !isWrong(book.bids.serialSum(from: low, upTo: high, isDescending: false), bids)
                && !isWrong(book.asks.serialSum(from: low, upTo: high, isDescending: false), asks)
                && !isWrong(book.asks.serialSum(from: low, upTo: high, isDescending: true), asks.reversed())
        }

        /// Blocks that walks have left behind a sum for.
        var keptBlocks: Int {
            guard let serial = book.bids.serial else { return 0 }
            return (0..<(2 * width / 64)).count { serial[$0].base != SerialBlock.nowhere }
        }
    }

    @Test(arguments: 0..<52)
    func sumsAreThoseOfThePlainLoop(seed: Int) {
        let value = Self.lotValues[seed % Self.lotValues.count]
        var world = World(value, seed: UInt64(seed), width: 256 * (1 + seed % 9))
        // From nearly empty to full, and filled from the far end in between.
        let share = [40, 6, 2, 1][seed / Self.lotValues.count]
        for cell in 0..<(2 * world.width) where world.random.below(share) == 0 { world.set(cell, world.lots()) }
        var kept = 0
        for _ in 0..<120 {
            for _ in 0..<world.random.below(20) { world.set(world.random.below(2 * world.width), world.lots()) }
            let a = world.random.below(world.width + 40) - 20, b = world.random.below(world.width + 40) - 20
            #expect(world.isEqual(from: min(a, b), upTo: max(a, b)))
            // The same range again, by what the first walk has left.
            #expect(world.isEqual(from: min(a, b), upTo: max(a, b)))
            #expect(world.isEqual(from: -1, upTo: world.width + 1))
            kept = max(kept, world.keptBlocks)
        }
        // Blocks are used, where the size of a lot allows it.
        #expect(kept > 0 || !SerialBlock.lotSizes.contains(value.lotSize))
    }

    /// What stands in for an imbalance lies no further from it than it says; also of one-sided books, and of
    /// ranges that reach beyond the tape.
    @Test(arguments: 0..<52)
    func standInsAreAsNearAsTheySay(seed: Int) {
        let value = Self.lotValues[seed % Self.lotValues.count]
        var world = World(value, seed: UInt64(seed), width: 256 * (1 + seed % 9))
        let share = [40, 6, 2, 1][seed / Self.lotValues.count]
        for cell in 0..<(2 * world.width) where world.random.below(share) == 0 { world.set(cell, world.lots()) }
        for round in 0..<200 {
            world.set(world.random.below(2 * world.width), world.lots())
            let best = world.random.below(world.width)
            world.book.bestBidTick = round % 7 == 5 ? .min : Int64(best)
            world.book.bestAskTick = round % 7 == 3 ? .max : Int64(best + 1 + world.random.below(9))
            let depth = [0.01, 0.2, 3][round % 3]
            let near = world.book.nearlySerialImbalance(depth), exact = world.book.serialImbalance(depth)
            #expect((near.value - exact).magnitude <= near.error, "\(near) for \(exact)")
            // Room for every rounding there can be: each cell that is summed, and then some.
            let levels = (0..<world.width).count { world.book.bids.lots(Int64($0)) > 0 && Int64($0) <= world.book.bestBidTick }
            if world.book.bestAskTick == .max, levels > 0 { #expect(near.error >= near.value.magnitude * Double(levels) * 0x1p-52) }
        }
    }

    /// The binade ends at each tick of a block in turn, on the double itself and one beside it.
    @Test func aBinadeMayEndAnywhere() {
        for value in [LotValue.decimal(0.001), .product(1 + 0x1p-50), .product(0x1p-4)] {
            for edge in 64..<192 {
                var world = World(value, seed: UInt64(edge), width: 256)
                for cell in 0..<256 { world.set(cell, Int64(1 + world.random.below(8))) }
                for lots: Int64 in [1, 2, 512, 1_000, 1_024, 1_023, 4_096, 65_536] {
                    world.set(edge, lots)
                    #expect(world.isEqual(from: 0, upTo: 256) && world.isEqual(from: 3, upTo: 256))
                }
                // Sums of powers of two come to the end of a binade exactly.
                for cell in 0..<256 { world.set(cell, cell == edge ? 256 - 64 : cell < 64 ? 1 : 0) }
                #expect(world.isEqual(from: 0, upTo: 256))
            }
        }
    }

    @Test func nothingAndOneLevel() {
        for value in Self.lotValues {
            var world = World(value, seed: 5, width: 512)
            #expect(world.isEqual(from: -5, upTo: 600) && world.isEqual(from: 300, upTo: 300) && world.isEqual(from: 20, upTo: 10))
            for cell in [0, 63, 64, 255, 256, 511] {
                world.set(cell, 7)
                world.set(512 + cell, 1 << 29)
                #expect(world.isEqual(from: 0, upTo: 512) && world.isEqual(from: cell, upTo: cell + 1) && world.isEqual(from: cell + 1, upTo: 512))
                world.set(cell, 0)
                #expect(world.isEqual(from: 0, upTo: 512))
            }
        }
    }

    /// A term holds for every sum of its binade that the level does not lead out of it.
    @Test func aTermIsWhatTheLevelAddsToAnySumOfTheBinade() {
        var random = SeededRandom(seed: 11)
        var ties = 0
        for _ in 0..<200_000 {
            let base = Double(sign: .plus, exponent: random.below(60) - 20, significand: 1)
            let unit = base.ulp
            var quantity = base * random.uniform() * [1, 0.01, 0x1p-40][random.below(3)]
            // Half units, and their neighbours.
            if random.below(4) == 0 { quantity = (Double(random.below(1 << 20)) + 0.5) * unit }
            if random.below(8) == 0 { quantity = random.below(2) == 0 ? quantity.nextUp : quantity.nextDown }
            let sum = base + unit * Double(random.below(1 << 50))
            let after = sum + quantity
            guard after < 2 * base else { continue }
            if let term = SerialBlock.term(quantity, base: base) {
                #expect(after.bitPattern == sum.bitPattern &+ UInt64(term))
            } else {
                ties += 1
                #expect((quantity / unit).truncatingRemainder(dividingBy: 1) == 0.5)
            }
        }
        #expect(ties > 10_000)
    }

    @Test func marksAreTheTicksWithASize() {
        var world = World(.decimal(0.001), seed: 3, width: 256)
        for _ in 0..<3_000 {
            world.set(world.random.below(512), world.lots())
            let word = world.random.below(4)
            var wanted: UInt64 = 0
            for i in 0..<64 where world.plain[word * 64 + i] != 0 { wanted |= 1 << UInt64(i) }
            #expect(world.book.bids.marks(word) == wanted)
        }
    }
}
