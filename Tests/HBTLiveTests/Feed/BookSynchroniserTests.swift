import HBTMarketData
import HBTTypes
import Testing

@testable import HBTLive

struct BookSynchroniserTests {
    /// A venue's book: every update sets one level; messages hold runs of updates.
    private struct Truth {
        var books: [[Double]] = [Array(repeating: 0, count: 40)]
        var updates: [(tick: Int, quantity: Double)] = [(0, 0)]
        var random: SeededRandom

        mutating func update() {
            let tick = random.below(40), quantity = Double(random.below(5))
            var book = books[books.count - 1]
            book[tick] = quantity
            books.append(book)
            updates.append((tick, quantity))
        }
    }

    private func apply(_ rows: [MarketEvent], to book: inout [Double]) {
        for row in rows {
            let isBid = row.has(EventFlags.buy)
            switch row.kind {
            case EventKind.depthClear:
                for tick in book.indices where (tick < 20) == isBid {
                    if row.price.isNaN || (isBid ? Double(tick) >= row.price : Double(tick) <= row.price) { book[tick] = 0 }
                }
            default: book[Int(row.price)] = row.quantity
            }
        }
    }

    private func levels(_ updates: ArraySlice<(tick: Int, quantity: Double)>, isBid: Bool) -> [DepthLevel] {
        updates.filter { ($0.tick < 20) == isBid }.map { DepthLevel(price: Double($0.tick), quantity: $0.quantity) }
    }

    /// Whatever is lost, repeated or late: when the book is synchronised it is the venue's book at that id.
    @Test(arguments: [DepthRule.spot, .futures], [1, 2])
    func aSynchronisedBookIsTheVenues(rule: DepthRule, connections: Int) {
        var synchronised = 0, gaps: Int64 = 0, duplicates: Int64 = 0
        for seed in 0..<150 as Range<UInt64> {
            var truth = Truth(random: SeededRandom(seed: seed))
            var random = SeededRandom(seed: seed &+ 1_000)
            var book = BookSynchroniser(rule: rule, gapPatienceNs: connections > 1 ? 40 : 0, mostKeptLevels: seed % 5 == 0 ? 30 : 10_000)
            var mine = [Double](repeating: 0, count: 40)
            var inFlight: [(ns: Int64, diff: DepthDiff, from: Int)] = []
            var snapshots: [(ns: Int64, id: Int)] = []
            var lastId = 0
            let loss = random.below(8)
            for ns in 1...600 as ClosedRange<Int64> {
                if random.below(2) == 0 {
                    let from = truth.updates.count
                    for _ in 0...random.below(4) { truth.update() }
                    let last = truth.updates.count - 1
                    for _ in 0..<connections where random.below(100) >= loss {
                        let diff = DepthDiff(
                            firstId: Int64(from), lastId: Int64(last), previousId: rule == .futures ? Int64(lastId) : nil, exchangeNs: ns, localNs: 0)
                        let late = connections > 1 ? Int64(random.below(20)) : 3
                        inFlight.append((ns + late, diff, from))
                    }
                    lastId = last
                }
                for (due, diff, from) in inFlight where due == ns {
                    var diff = diff
                    diff.localNs = ns
                    var rows = RowList()
                    let updates = truth.updates[from...Int(diff.lastId)]
                    levels(updates, isBid: true).withUnsafeBufferPointer { bids in
                        levels(updates, isBid: false).withUnsafeBufferPointer { asks in book.add(diff, bids: bids, asks: asks, to: &rows) }
                    }
                    apply(Array(rows.rows), to: &mine)
                }
                inFlight.removeAll { $0.ns <= ns }
                if random.below(200) == 0 { book.disconnected() }
                book.noteTime(ns)
                if book.takeSnapshotWish() { snapshots.append((ns + 5 + Int64(random.below(20)), max(0, truth.updates.count - 1 - random.below(12)))) }
                for (due, id) in snapshots where due == ns {
                    if random.below(10) == 0 {
                        book.snapshotFailed()
                        continue
                    }
                    let state = truth.books[id]
                    let bids = (0..<20).reversed().filter { state[$0] > 0 }.map { DepthLevel(price: Double($0), quantity: state[$0]) }
                    let asks = (20..<40).filter { state[$0] > 0 }.map { DepthLevel(price: Double($0), quantity: state[$0]) }
                    var rows = RowList()
                    bids.withUnsafeBufferPointer { bids in
                        asks.withUnsafeBufferPointer { asks in
                            book.addSnapshot(lastId: Int64(id), exchangeNs: nil, localNs: ns, bids: bids, asks: asks, to: &rows)
                        }
                    }
                    apply(Array(rows.rows), to: &mine)
                }
                snapshots.removeAll { $0.ns <= ns }
                if book.state == .synchronised, let id = book.bookId {
                    synchronised += 1
                    let isSame = mine == truth.books[Int(id)]
                    #expect(isSame, "seed \(seed) at \(ns): the book at \(id)")
                    if !isSame { return }
                }
            }
            gaps += book.counts.gaps
            duplicates += book.counts.duplicates
        }
        #expect(synchronised > 20_000)
        #expect(gaps > 50)
        #expect(duplicates > 1_000 || connections == 1)
    }

    @Test func tradesPassOnceOverTwoConnections() {
        var filter = TradeFilter()
        let arrivals: [Int64] = [10, 10, 11, 13, 12, 12, 13, 80, 79, 15, 16, 80, 10, 200, 136, 135]
        let passed = arrivals.filter { filter.accepts($0) }
        #expect(passed == [10, 11, 13, 12, 80, 79, 16, 200, 136])
    }

    @Test func healthSaysWhyNot() {
        var health = FeedHealth(staleNs: 100, latencyLimitNs: 50)
        #expect(health.fault(at: 0) == .notSynchronised)
        health.isSynchronised = true
        health.depth(exchangeNs: 990, localNs: 1_000)
        #expect(health.fault(at: 1_100) == nil)
        #expect(health.fault(at: 1_101) == .stale(ageNs: 101))
        health.depth(exchangeNs: 1_000, localNs: 1_051)
        #expect(health.fault(at: 1_060) == .late(latencyNs: 51))
    }
}
