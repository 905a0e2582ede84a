/// Bytes of one half of a segment: sixteen words (counts and opening values), then columns, each
/// starting at a multiple of 64 bytes. `docs/formats.md` has the table.
enum TapeLayout {
    static let headWords = 16
    static func padded(_ bytes: Int) -> Int { (bytes + 63) & ~63 }
}

/// Cuts columns out of a half, checking that they lie inside it.
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

/// An enumeration must never be loaded from a byte that is none of its cases.
private func checkKinds<Row>(_ rows: UnsafePointer<Row>, _ count: Int, at offset: Int) throws(TapeFault) {
    let raw = UnsafeRawPointer(rows)
    var highest: UInt8 = 0
    for i in 0..<count { highest = max(highest, raw.load(fromByteOffset: i * MemoryLayout<Row>.stride + offset, as: UInt8.self)) }
    guard FeedKind(rawValue: highest) != nil else { throw TapeFault("a row is of kind \(highest)") }
}

/// The exchange half of a segment.
struct TapeExchangeSegment {
    let opening: Int
    let batches: UnsafePointer<TapeExchangeBatch>
    let batchCount: Int
    let rows: UnsafePointer<TapeRow>
    let rowCount: Int
    let specials: UnsafePointer<ExchangeRow>
    let bidChanges: UnsafePointer<TapeBestChange>
    let bidChangeCount: Int
    let askChanges: UnsafePointer<TapeBestChange>
    let askChangeCount: Int
    let openingBid: Int32
    let openingAsk: Int32
    /// Rows of the data up to the end of this segment.
    let rowsEnd: Int64

    init(_ bytes: UnsafeRawBufferPointer) throws(TapeFault) {
        var cutter = try TapeCutter(bytes)
        batchCount = try cutter.count(0)
        rowCount = try cutter.count(1)
        let specialCount = try cutter.count(2)
        bidChangeCount = try cutter.count(3)
        askChangeCount = try cutter.count(4)
        opening = try cutter.count(5)
        openingBid = Int32(truncatingIfNeeded: cutter.word(6))
        openingAsk = Int32(truncatingIfNeeded: cutter.word(7))
        rowsEnd = cutter.word(8)
        batches = try cutter.column(batchCount)
        rows = try cutter.column(rowCount)
        specials = try cutter.column(specialCount)
        bidChanges = try cutter.column(bidChangeCount)
        askChanges = try cutter.column(askChangeCount)
        guard opening <= rowCount else { throw TapeFault("a segment opens with more rows than it has") }
        var depth = Int32(opening), special: Int32 = 0, ns = Int64.min
        for i in 0..<batchCount {
            let batch = batches[i]
            guard batch.ns >= ns, batch.depthEnd >= depth, batch.specialEnd >= special else { throw TapeFault("batch \(i) goes back") }
            (ns, depth, special) = (batch.ns, batch.depthEnd, batch.specialEnd)
        }
        guard Int(depth) <= rowCount, Int(special) <= specialCount else { throw TapeFault("the last batch goes on after the rows") }
        try checkKinds(specials, specialCount, at: MemoryLayout<ExchangeRow>.offset(of: \.kind) ?? 0)
    }
}

/// The local half of a segment.
struct TapeLocalSegment {
    let opening: Int
    let batches: UnsafePointer<TapeLocalBatch>
    let batchCount: Int
    let rows: UnsafePointer<TapeRow>
    let trades: UnsafePointer<LocalRow>
    let openingBid: Int32
    let openingAsk: Int32
    let rowsEnd: Int64

    init(_ bytes: UnsafeRawBufferPointer) throws(TapeFault) {
        var cutter = try TapeCutter(bytes)
        batchCount = try cutter.count(0)
        let rowCount = try cutter.count(1)
        let tradeCount = try cutter.count(2)
        opening = try cutter.count(5)
        openingBid = Int32(truncatingIfNeeded: cutter.word(6))
        openingAsk = Int32(truncatingIfNeeded: cutter.word(7))
        rowsEnd = cutter.word(8)
        batches = try cutter.column(batchCount)
        rows = try cutter.column(rowCount)
        trades = try cutter.column(tradeCount)
        guard opening <= rowCount else { throw TapeFault("a segment opens with more rows than it has") }
        var depth = Int32(opening), trade: Int32 = 0, ns = Int64.min
        for i in 0..<batchCount {
            let batch = batches[i]
            guard batch.ns >= ns, batch.depthEnd >= depth, batch.tradeEnd >= trade else { throw TapeFault("batch \(i) goes back") }
            (ns, depth, trade) = (batch.ns, batch.depthEnd, batch.tradeEnd)
        }
        guard Int(depth) <= rowCount, Int(trade) <= tradeCount else { throw TapeFault("the last batch goes on after the rows") }
        try checkKinds(trades, tradeCount, at: MemoryLayout<LocalRow>.offset(of: \.kind) ?? 0)
    }
}
