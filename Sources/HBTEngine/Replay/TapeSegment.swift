/// Bytes of one part of a segment: sixteen words (counts and opening values), then columns, each
/// starting at a multiple of 64 bytes. `docs/formats.md` has the table.
enum TapeLayout {
    static let headWords = 16
    static func padded(_ bytes: Int) -> Int { (bytes + 63) & ~63 }
}

/// Cuts columns out of a part, checking that they lie inside it. What the columns say is not checked
/// here: whoever reads an end or a cell bounds it.
private struct TapeCutter {
    let bytes: UnsafeRawBufferPointer
    var offset = TapeLayout.headWords * 8

    init(_ bytes: UnsafeRawBufferPointer) throws(TapeFault) {
        guard bytes.count >= TapeLayout.headWords * 8 else { throw TapeFault("a segment is shorter than its head") }
        self.bytes = bytes
    }

    func word(_ i: Int) -> Int64 { bytes.load(fromByteOffset: i * 8, as: Int64.self) }

    func count(_ i: Int) throws(TapeFault) -> Int {
        let n = word(i)
        guard n >= 0, n < 1 << 31 else { throw TapeFault("a segment holds \(n) rows of a kind") }
        return Int(n)
    }

    mutating func column<T: BitwiseCopyable>(_ count: Int) throws(TapeFault) -> UnsafePointer<T> {
        let size = count * MemoryLayout<T>.stride
        guard let base = bytes.baseAddress, offset <= bytes.count, size <= bytes.count - offset else {
            throw TapeFault("a column goes on after the end of its segment")
        }
        let start = (base + offset).assumingMemoryBound(to: T.self)
        offset += TapeLayout.padded(size)
        return start
    }
}

/// The exchange part of a segment; its rows are a part of their own, and so is their index.
struct TapeExchangeSegment {
    let opening: Int
    let batches: UnsafePointer<TapeExchangeBatch>
    let batchCount: Int
    let rowCount: Int
    let specials: UnsafePointer<TapeSpecial>
    let specialCount: Int
    let bidChanges: UnsafePointer<TapeBestChange>
    let bidChangeCount: Int
    let askChanges: UnsafePointer<TapeBestChange>
    let askChangeCount: Int
    let bidReach: UnsafePointer<TapeReach>
    let askReach: UnsafePointer<TapeReach>
    let specialReach: UnsafePointer<TapeReach>
    let openingBid: Int32
    let openingAsk: Int32
    /// Rows of the data up to the end of this segment.
    let rowsEnd: Int64

    init(_ bytes: UnsafeRawBufferPointer) throws(TapeFault) {
        var cutter = try TapeCutter(bytes)
        batchCount = try cutter.count(0)
        rowCount = try cutter.count(1)
        specialCount = try cutter.count(2)
        bidChangeCount = try cutter.count(3)
        askChangeCount = try cutter.count(4)
        opening = try cutter.count(5)
        openingBid = Int32(truncatingIfNeeded: cutter.word(6))
        openingAsk = Int32(truncatingIfNeeded: cutter.word(7))
        rowsEnd = cutter.word(8)
        batches = try cutter.column(batchCount)
        specials = try cutter.column(specialCount)
        bidChanges = try cutter.column(bidChangeCount)
        askChanges = try cutter.column(askChangeCount)
        bidReach = try cutter.column(TapeReach.blocks(bidChangeCount))
        askReach = try cutter.column(TapeReach.blocks(askChangeCount))
        specialReach = try cutter.column(TapeReach.blocks(specialCount))
        guard opening <= rowCount else { throw TapeFault("a segment opens with more rows than it has") }
    }
}

extension TapeExchangeSegment {
    /// The rows of this segment, from the part that holds them.
    func rows(_ bytes: UnsafeRawBufferPointer) throws(TapeFault) -> UnsafePointer<TapeRow> {
        var cutter = try TapeCutter(bytes)
        guard try cutter.count(0) == rowCount else { throw TapeFault("a segment's parts have different numbers of rows") }
        return try cutter.column(rowCount)
    }
}

extension TapeIndexSegment {
    init(_ bytes: UnsafeRawBufferPointer) throws(TapeFault) {
        var cutter = try TapeCutter(bytes)
        cellCount = try cutter.count(0)
        entryCount = try cutter.count(1)
        cells = try cutter.column(cellCount)
        entries = try cutter.column(entryCount)
    }
}

/// The local part of a segment.
struct TapeLocalSegment {
    let opening: Int
    let batches: UnsafePointer<TapeLocalBatch>
    let batchCount: Int
    let rows: UnsafePointer<TapeRow>
    let rowCount: Int
    let trades: UnsafePointer<TapeTrade>
    let tradeCount: Int
    let openingBid: Int32
    let openingAsk: Int32
    let rowsEnd: Int64

    init(_ bytes: UnsafeRawBufferPointer) throws(TapeFault) {
        var cutter = try TapeCutter(bytes)
        batchCount = try cutter.count(0)
        rowCount = try cutter.count(1)
        tradeCount = try cutter.count(2)
        opening = try cutter.count(5)
        openingBid = Int32(truncatingIfNeeded: cutter.word(6))
        openingAsk = Int32(truncatingIfNeeded: cutter.word(7))
        rowsEnd = cutter.word(8)
        batches = try cutter.column(batchCount)
        rows = try cutter.column(rowCount)
        trades = try cutter.column(tradeCount)
        guard opening <= rowCount else { throw TapeFault("a segment opens with more rows than it has") }
    }
}
