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
    private let cellBytes: Int

    init(header: TapeHeader, hasSums: Bool) {
        let count = 2 * Int(header.width)
        cellBytes = count * 4
        guard let cells = Self.zeroed(cellBytes), let blocks = Self.zeroed(max(count >> 8, 1) * 32) else {
            preconditionFailure("no memory for a book of \(count) ticks")
        }
        self.cells = cells.bindMemory(to: Int32.self, capacity: count)
        if hasSums {
            self.blocks = blocks.bindMemory(to: Int64.self, capacity: (count >> 8) * 4)
        } else {
            self.blocks = nil
            free(blocks)
        }
    }

    private static func zeroed(_ bytes: Int) -> UnsafeMutableRawPointer? { calloc((bytes + 63) / 64, 64) }

    deinit {
        free(cells)
        free(blocks)
    }

    func book(_ header: TapeHeader) -> DepthBook<TapeLevels> {
        let width = Int(header.width)
        var book = DepthBook<TapeLevels>(
            bids: TapeLevels(header: header, cells: cells, blocks: blocks),
            asks: TapeLevels(header: header, cells: cells + width, blocks: blocks.map { $0 + (width >> 8) * 4 }),
            grid: Grid(tickSize: header.tickSize, lotSize: header.lotSize), isReference: header.isReference)
        // Nothing is searched by these bounds but the rows of a snapshot.
        book.lowBidTick = book.bids.lowerTick
        book.highAskTick = book.asks.upperTick
        return book
    }
}
