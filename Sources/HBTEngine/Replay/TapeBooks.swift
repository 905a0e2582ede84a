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
    let blocks: UnsafeMutablePointer<Int64>?
    let bits: UnsafeMutablePointer<UInt64>?
    /// Quantities of the first whole numbers of lots, where levels are added one by one.
    let values: UnsafeMutablePointer<Double>?
    static let valueCount: Int32 = 1 << 14

    init(header: TapeHeader, hasSums: Bool) {
        let count = 2 * Int(header.width)
        cells = Self.zeroed(count, Int32.self)
        blocks = hasSums ? Self.zeroed(count / 64, Int64.self) : nil
        bits = hasSums ? Self.zeroed(count / 64, UInt64.self) : nil
        values = hasSums && header.isReference ? Self.zeroed(Int(Self.valueCount), Double.self) : nil
        if let values { for lots in 0..<Int(Self.valueCount) { values[lots] = header.lotValue(Int64(lots)) } }
    }

    private static func zeroed<T>(_ count: Int, _ type: T.Type) -> UnsafeMutablePointer<T> {
        guard let memory = calloc(count, MemoryLayout<T>.stride) else { preconditionFailure("no memory for a book of \(count) ticks") }
        return memory.bindMemory(to: T.self, capacity: count)
    }

    deinit {
        free(cells)
        free(blocks)
        free(bits)
        free(values)
    }

    func book(_ header: TapeHeader, watches: UnsafeMutablePointer<TapeWatches>? = nil) -> DepthBook<TapeLevels> {
        let width = Int(header.width)
        // The reference adds level after level; otherwise sums are in whole lots, by blocks.
        let bits = header.isReference ? bits : nil
        var book = DepthBook<TapeLevels>(
            bids: TapeLevels(header: header, cells: cells, blocks: nil, bits: bits, watches: watches, values: values),
            asks: TapeLevels(
                header: header, cells: cells + width, blocks: nil, bits: bits.map { $0 + width / 64 },
                watches: watches, firstCell: UInt32(width), values: values),
            grid: Grid(tickSize: header.tickSize, lotSize: header.lotSize), isReference: header.isReference)
        // Nothing is searched by these bounds but the rows of a snapshot.
        book.lowBidTick = book.bids.lowerTick
        book.highAskTick = book.asks.upperTick
        return book
    }
}
