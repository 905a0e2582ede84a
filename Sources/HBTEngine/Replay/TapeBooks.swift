import HBTTypes
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Memory of one two-sided tape book; pages that are never touched cost nothing.
final class TapeBookMemory {
    /// Bids, then asks: the cells of `TapeRow`.
    let cells: UnsafeMutablePointer<Int32>
    /// Of the sums, where somebody may ask for them.
    let blocks: UnsafeMutablePointer<Int64>?
    let bits: UnsafeMutablePointer<UInt64>?
    /// See `TapeLevels`; of both sides.
    let touched: UnsafeMutablePointer<UInt8>?
    /// Quantities of the first whole numbers of lots, where levels are added one by one.
    let values: UnsafeMutablePointer<Double>?
    static let valueCount: Int32 = 1 << 14
    /// By which such a sum passes 64 cells; nil until one is asked for, and where there is none.
    private(set) var serial: UnsafeMutablePointer<SerialBlock>?
    /// All of the above, but the last.
    private let arena: UnsafeMutableRawPointer
    private let arenaBytes: Int

    init(header: TapeHeader, hasSums: Bool) {
        let count = 2 * Int(header.width)
        let valueCount = hasSums && header.isReference ? Int(Self.valueCount) : 0
        let chunks = header.isOpen && Int(header.width) % (1 << TapeLevels.chunkShift) == 0 ? count >> TapeLevels.chunkShift : 0
        arenaBytes = count * 4 + (hasSums ? count / 4 : 0) + valueCount * 8 + chunks
        guard let memory = mmap(nil, arenaBytes + Self.hugeBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            memory != MAP_FAILED
        else { preconditionFailure("no memory for a book of \(count) ticks") }
        arena = memory
        let aligned = UInt(bitPattern: memory) + UInt(Self.hugeBytes - 1) & ~UInt(Self.hugeBytes - 1)
        guard var next = UnsafeMutableRawPointer(bitPattern: aligned) else { preconditionFailure("memory lies at an address") }
        func take<T>(_ count: Int, _ type: T.Type) -> UnsafeMutablePointer<T> {
            defer { next += count * MemoryLayout<T>.stride }
            return next.bindMemory(to: T.self, capacity: count)
        }
        cells = take(count, Int32.self)
        blocks = hasSums ? take(count / 64, Int64.self) : nil
        bits = hasSums ? take(count / 64, UInt64.self) : nil
        values = valueCount > 0 ? take(valueCount, Double.self) : nil
        touched = chunks > 0 ? take(chunks, UInt8.self) : nil
        if let values { for lots in 0..<valueCount { values[lots] = header.lotValue(Int64(lots)) } }
    }

    private static let hugeBytes = 1 << 21
    /// Larger books are mostly empty.
    private static let largestHuge = 1 << 25

    /// For a book that many rows will be stored in: what has been touched moves to huge pages, so that
    /// rows all over it do not each have to find their page. Where the system cannot, nothing happens.
    func gather() {
        #if os(Linux)
        guard arenaBytes >= Self.hugeBytes, arenaBytes <= Self.largestHuge else { return }
        let whole = (arenaBytes + Self.hugeBytes - 1) & ~(Self.hugeBytes - 1)
        // MADV_COLLAPSE, since Linux 6.1; headers may be older.
        madvise(UnsafeMutableRawPointer(cells), min(whole, arenaBytes + Self.hugeBytes - (UnsafeMutableRawPointer(cells) - arena)), 25)
        #endif
    }

    deinit {
        munmap(arena, arenaBytes + Self.hugeBytes)
        serial?.deallocate()
    }

    /// A book of this memory keeps sums from now on; `isEmpty` where nothing has been stored in it.
    @inline(never) func keepSums(in book: inout DepthBook<TapeLevels>, isEmpty: Bool) {
        guard let blocks else { return }
        book.bids.keepSums(in: blocks, isEmpty: isEmpty)
        book.asks.keepSums(in: blocks + book.bids.width / 64, isEmpty: isEmpty)
    }

    /// The same for what is added level by level; not where there is no such thing.
    @inline(never) func keepSerialSums(in book: inout DepthBook<TapeLevels>) {
        guard values != nil, SerialBlock.lotSizes.contains(book.bids.lotSize) else { return }
        let count = book.bids.width / 64
        // Of no binade yet, so that whatever the book holds is right.
        let fresh = serial ?? .allocate(capacity: 2 * count)
        fresh.initialize(repeating: SerialBlock(), count: 2 * count)
        serial = fresh
        book.bids.keepSerialSums(in: fresh)
        book.asks.keepSerialSums(in: fresh + count)
    }

    func book(_ header: TapeHeader, watches: UnsafeMutablePointer<TapeWatches>? = nil) -> DepthBook<TapeLevels> {
        let width = Int(header.width)
        var book = DepthBook<TapeLevels>(
            bids: TapeLevels(header: header, cells: cells, blocks: nil, bits: nil, watches: watches, values: values, touched: touched),
            asks: TapeLevels(
                header: header, cells: cells + width, blocks: nil, bits: nil,
                watches: watches, firstCell: UInt32(width), values: values, touched: touched.map { $0 + width >> TapeLevels.chunkShift }),
            grid: Grid(tickSize: header.tickSize, lotSize: header.lotSize), isReference: header.isReference)
        // Nothing is searched by these bounds but the rows of a snapshot.
        book.lowBidTick = book.bids.lowerTick
        book.highAskTick = book.asks.upperTick
        return book
    }
}
