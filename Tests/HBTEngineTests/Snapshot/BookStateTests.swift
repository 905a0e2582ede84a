import HBTMarketData
import HBTTypes
import Testing

@testable import HBTEngine

/// Books come back from a saved state level by level, bit by bit, on their own and as what differs
/// from another book.
struct BookStateTests {
    enum Sizes: CaseIterable { case decimal, product, large, offGrid, negative }

    private func fill<Levels: LevelStore>(_ book: inout DepthBook<Levels>, _ sizes: Sizes, _ count: Int, _ random: inout SeededRandom) {
        for _ in 0..<count {
            let lots = random.below(3) == 0 ? 0 : 1 + random.below(sizes == .large ? 3_000_000_000 : 60_000)
            let size = switch sizes {
            case .decimal, .large: Double(lots) / 1000
            case .product: Double(lots) * 0.001
            case .offGrid: Double(lots) / 1000 + 0.000_37
            case .negative: random.below(9) == 0 ? -Double(lots) / 1000 : Double(lots) / 1000
            }
            let tick = Int64(1_000 + random.below(900)), sign: Int8 = size > 0 ? 1 : size < 0 ? -1 : 0
            _ = random.below(2) == 0 ? book.setBid(tick, size, sign: sign) : book.setAsk(tick + 400, size, sign: sign)
        }
    }

    private func levels<Levels: LevelStore>(_ book: DepthBook<Levels>) -> [String] {
        var all = ["\(book.bestBidTick) \(book.bestAskTick) \(book.lowBidTick) \(book.highAskTick)"]
        for side in [book.bids, book.asks] { side.forEachStored { all.append("\($0) \($1.bitPattern)") } }
        return all
    }

    private func check<Levels: LevelStore>(_ levels: Levels.Type, _ sizes: Sizes, isReference: Bool) throws {
        var random = SeededRandom(seed: 3)
        let grid = Grid(tickSize: 0.1, lotSize: 0.001)
        let spec: BookSpec = Levels.isRanged ? .roi(lower: 100, upper: 260) : .hash
        func book() -> DepthBook<Levels> { DepthBook(grid: grid, spec: spec, isReference: isReference) }
        for round in 0..<12 {
            var venue = book(), ours = book(), backVenue = book(), backOurs = book()
            defer { for one in [venue, ours, backVenue, backOurs] { one.deallocate() } }
            var same = random
            fill(&venue, sizes, 900, &random)
            fill(&ours, sizes, 900, &same)
            fill(&ours, sizes, round * 7, &random)
            var out = StateWriter()
            venue.encode(into: &out, besides: nil)
            ours.encode(into: &out, besides: venue)
            // Whatever a book held before does not matter.
            if round % 2 == 0 { fill(&backOurs, sizes, 300, &random) }
            var input = StateReader(out.bytes)
            try backVenue.restore(from: &input, besides: nil)
            try backOurs.restore(from: &input, besides: backVenue)
            #expect(input.isAtEnd)
            #expect(self.levels(backVenue) == self.levels(venue))
            #expect(self.levels(backOurs) == self.levels(ours))
            var again = StateWriter()
            backVenue.encode(into: &again, besides: nil)
            backOurs.encode(into: &again, besides: backVenue)
            #expect(again.bytes == out.bytes)
            for bid in stride(from: Int64(2_000), to: 900, by: -37) {
                #expect(backOurs.bids.highest(from: bid, downTo: 900) == ours.bids.highest(from: bid, downTo: 900))
                #expect(backOurs.asks.lowest(from: bid, upTo: 2_400) == ours.asks.lowest(from: bid, upTo: 2_400))
            }
        }
    }

    @Test(arguments: Sizes.allCases, [false, true])
    func booksComeBack(sizes: Sizes, isReference: Bool) throws {
        try check(DenseLevels.self, sizes, isReference: isReference)
        try check(PagedLevels.self, sizes, isReference: isReference)
    }

    @Test func damagedBooksAreErrors() throws {
        var random = SeededRandom(seed: 8)
        let grid = Grid(tickSize: 0.1, lotSize: 0.001)
        var book = DepthBook<DenseLevels>(grid: grid, spec: .roi(lower: 100, upper: 260), isReference: false)
        defer { book.deallocate() }
        fill(&book, .decimal, 500, &random)
        var out = StateWriter()
        book.encode(into: &out, besides: nil)
        var errors = 0
        for _ in 0..<400 {
            var bytes = out.bytes
            bytes[random.below(bytes.count)] = UInt8(random.below(256))
            var input = StateReader(bytes)
            do { try book.restore(from: &input, besides: nil) } catch { errors += 1 }
        }
        #expect(errors > 20)
    }
}
