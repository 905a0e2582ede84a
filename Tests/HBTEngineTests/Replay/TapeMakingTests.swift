import HBTMarketData
import HBTTypes
import Testing
@testable import HBTEngine

/// Keeps every byte that it is given.
private final class ByteSink: TapeSink {
    private(set) var bytes: [UInt8] = []
    private var segments = 0
    /// Segment at which writing fails; nil for never.
    let failing: Int?

    struct Full: Error {}

    init(failing: Int? = nil) { self.failing = failing }

    func append(_ parts: [UnsafeRawBufferPointer]) throws {
        if segments == failing { throw Full() }
        segments += 1
        for part in parts { bytes += part }
    }

    func finish(header: [UInt8]) throws { bytes += header }
}

/// Rows in blocks of any size.
private final class Morsels: LendingEventSource {
    private let rows: [MarketEvent]
    private let size: Int
    private var next = 0

    init(_ rows: [MarketEvent], _ size: Int) { (self.rows, self.size) = (rows, size) }

    func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        let count = min(size, buffer.count, rows.count - next)
        for i in 0..<count { buffer[i] = rows[next + i] }
        next += count
        return count
    }

    private let lent = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 4096)
    deinit { lent.deallocate() }

    func lend() throws -> UnsafeBufferPointer<MarketEvent> {
        UnsafeBufferPointer(rebasing: UnsafeBufferPointer(lent)[..<(try read(into: lent))])
    }
}

struct TapeMakingTests {
    private func input(_ seed: Int, _ events: any EventSource, _ market: WildMarket) -> AssetInput {
        let book: BookSpec = seed % 2 == 0 ? .hash : .roi(lower: 10.0, upper: 13.0)
        let spec = AssetSpec(symbol: "W", tickSize: 0.1, lotSize: 0.1, book: book)
        return AssetInput(spec: spec, events: events, initialSnapshot: seed % 3 == 1 ? market.snapshot() : [])
    }

    @Test(arguments: 0..<12) func threadsAndBlocksChangeNoByte(seed: Int) throws {
        let market = WildMarket(seed: UInt64(seed), rowCount: 900, isSplit: seed % 3 != 0)
        for compatibility in [Compatibility.none, .hftbacktest24] {
            var made: [[UInt8]] = []
            for (size, inOneThread) in [(4096, true), (4096, false), (7, false), (1, true)] {
                let sink = ByteSink()
                let rows = try TapeCompiler.compile(
                    input(seed, Morsels(market.rows(), size), market), compatibility: compatibility, into: sink, segmentRows: 64,
                    inOneThread: inOneThread)
                #expect(rows == 900)
                made.append(sink.bytes)
            }
            made.append(try {
                let sink = ByteSink()
                _ = try TapeCompiler.compile(
                    input(seed, ArrayEventSource(market.rows()), market), compatibility: compatibility, into: sink, segmentRows: 64, inOneThread: false)
                return sink.bytes
            }())
            #expect(made.allSatisfy { $0 == made[0] && $0.count > 900 })
        }
    }

    @Test(arguments: [true, false], [0, 1, 5, 14]) func aSinkThatFailsEndsIt(inOneThread: Bool, segment: Int) throws {
        let market = WildMarket(seed: 3, rowCount: 900, isSplit: true)
        #expect(throws: ByteSink.Full.self) {
            try TapeCompiler.compile(
                input(2, ArrayEventSource(market.rows()), market), compatibility: .none, into: ByteSink(failing: segment), segmentRows: 64,
                inOneThread: inOneThread)
        }
    }

    /// The first fault in the order of rows is the one reported, however many rows are decoded together.
    @Test func whatComesFirstInTheDataIsReported() {
        let both = EventFlags.exchange | EventFlags.local | EventFlags.buy | UInt64(EventKind.depth)
        var rows = (0..<40).map { MarketEvent(ev: both, exchangeNs: Int64($0), localNs: Int64($0), price: 11, quantity: 1) }
        rows[30].exchangeNs = 5
        let spec = AssetSpec(symbol: "W", tickSize: 0.1, lotSize: 0.1, book: .hash)
        func compile() throws { _ = try TapeCompiler.compile(AssetInput(spec: spec, events: ArrayEventSource(rows)), compatibility: .none, into: ByteSink()) }
        #expect(throws: FeedFault.self) { try compile() }
        rows[20].quantity = 0.05
        #expect(throws: TapeRefusal.self) { try compile() }
    }

    /// Negative sizes look like whole lots to the last bit, and are none.
    @Test(arguments: [-0.1, -0.0, 0.05, .nan, 1e300]) func sizesThatAreNoLotsAreRefused(size: Double) {
        let both = EventFlags.exchange | EventFlags.local | EventFlags.buy | UInt64(EventKind.depth)
        let spec = AssetSpec(symbol: "W", tickSize: 0.1, lotSize: 0.1, book: .roi(lower: 10, upper: 13))
        for place in [0, 100] {
            var rows = (0..<600).map { MarketEvent(ev: both, exchangeNs: 1, localNs: 1, price: 11, quantity: Double($0 % 7 + 3) / 10) }
            rows[place].quantity = size
            #expect(throws: TapeRefusal.self) {
                try TapeCompiler.compile(AssetInput(spec: spec, events: ArrayEventSource(rows)), compatibility: .none, into: ByteSink())
            }
        }
    }
}

/// Bits of a side against the dense levels whose part they play.
struct TapeMarksTests {
    @Test(arguments: 0..<6) func theyFindWhatDenseLevelsFind(seed: Int) {
        var dice = Dice(UInt64(seed))
        let grid = Grid(tickSize: 1, lotSize: 1), last: Int64 = seed % 2 == 0 ? 700 : 20_000
        var twin = DenseLevels(grid: grid, spec: .roi(lower: 100, upper: Double(last)))
        var marks = TapeMarks<DenseLevels>(range: 100...last, firstTick: 100, width: (last - 100 + 256) & ~255)
        defer {
            twin.deallocate()
            marks.deallocate()
        }
        for _ in 0..<3_000 {
            let tick = 100 + dice.int(0...last - 100), other = 100 + dice.int(0...last - 100)
            switch dice.int(0...19) {
            case 0:
                twin.clear(from: min(tick, other), upTo: min(tick, other) + 60)
                marks.clear(from: min(tick, other), upTo: min(tick, other) + 60)
            case 1 where dice.chance(3):
                twin.removeAll()
                marks.removeAll()
            default:
                let size = Double(dice.int(0...2))
                twin.set(tick, size)
                marks.set(tick, size)
            }
            #expect(marks.lowest(from: min(tick, other), upTo: max(tick, other)) == twin.lowest(from: min(tick, other), upTo: max(tick, other)))
            #expect(marks.highest(from: max(tick, other), downTo: min(tick, other)) == twin.highest(from: max(tick, other), downTo: min(tick, other)))
            #expect(marks.lowest(from: .min, upTo: .max) == twin.lowest(from: .min, upTo: .max))
            #expect(marks.highest(from: .max, downTo: .min) == twin.highest(from: .max, downTo: .min))
            #expect((marks.quantity(tick) > 0) == (twin.quantity(tick) > 0))
        }
        var stored: [Int64] = []
        twin.forEachStored { tick, _ in stored.append(tick) }
        #expect(marks.ticks == stored)
    }
}
