import HBTTypes

/// What a tape was made for, and what its numbers mean.
struct TapeHeader: Equatable {
    /// Counts up with every change of the layout or of what the engine derives from rows.
    static let version: Int64 = 3
    /// Widest range of ticks a side may have.
    static let widest: Int64 = 1 << 26
    /// Ticks a side of a book without a range of interest, around the first price.
    static let openWidth: Int64 = 1 << 24

    let tickSize: Double
    let lotSize: Double
    let book: BookSpec
    let feedLatencyOffsetNs: Int64
    let isReference: Bool
    /// Digest of the rows both books start from.
    let snapshotDigest: UInt64
    /// Tick of cell 0 of either side.
    var firstTick: Int64
    /// Cells a side, a multiple of 256.
    var width: Int64
    var lotValue: LotValue
    /// Rows of the data.
    var rows: Int64 = 0

    var isOpen: Bool { book == .hash }

    /// Tick of cell 0 of a book without a range of interest whose first level is at `tick`.
    static func openStart(around tick: Int64) throws(TapeRefusal) -> Int64 {
        guard TapeTick.narrow(tick) != nil, tick.magnitude < 1 << 32 else { throw TapeRefusal("a price of \(tick) ticks is out of reach") }
        return tick - openWidth / 2
    }

    init(spec: AssetSpec, isReference: Bool, snapshot: [MarketEvent]) {
        tickSize = spec.tickSize
        lotSize = spec.lotSize
        book = spec.book
        feedLatencyOffsetNs = spec.feedLatencyOffsetNs
        self.isReference = isReference
        snapshotDigest = Self.digest(snapshot)
        firstTick = 0
        width = 0
        lotValue = .decimal(spec.lotSize)
    }

    private static func digest(_ rows: [MarketEvent]) -> UInt64 {
        var digest = Digest()
        for row in rows {
            digest.add(row.ev)
            digest.add(row.price.bitPattern)
            digest.add(row.quantity.bitPattern)
        }
        return digest.value
    }

    /// The asset's settings that a tape depends on, as one number.
    var settingsDigest: UInt64 {
        var digest = Digest()
        digest.add(Self.version)
        digest.add(tickSize)
        digest.add(lotSize)
        if case .roi(let lower, let upper) = book {
            digest.add(lower)
            digest.add(upper)
        }
        digest.add(feedLatencyOffsetNs)
        digest.add(UInt64(isReference ? 1 : 0))
        digest.add(snapshotDigest)
        return digest.value
    }

    var bytes: [UInt8] {
        var out = StateWriter()
        out.begin("TAPE")
        out.put(Self.version)
        out.put(settingsDigest)
        out.put(firstTick)
        out.put(width)
        out.put(lotValue.multiplier)
        out.put(lotValue.divisor)
        out.put(rows)
        return out.bytes
    }

    /// Reads what is not given by the settings.
    ///
    /// - Throws: `TapeRefusal` for a tape of other settings, `TapeFault` for nonsense.
    mutating func read(_ bytes: [UInt8]) throws {
        var input = StateReader(bytes)
        do {
            try input.expect("TAPE")
            let version = try input.int64()
            guard version == Self.version else {
                throw TapeRefusal("the tape has version \(version), this program makes version \(Self.version)")
            }
            guard try input.word() == settingsDigest else {
                throw TapeRefusal("the tape was made for another tick size, lot size, range, latency offset, snapshot or compatibility")
            }
            firstTick = try input.int64()
            width = try input.int64()
            lotValue = LotValue(multiplier: try input.double(), divisor: try input.double())
            rows = try input.int64()
        } catch let error as StateError {
            throw TapeFault(error.description)
        }
        guard input.isAtEnd, width > 0, width <= Self.widest, width % 256 == 0, rows >= 0, firstTick.magnitude < 1 << 40 else {
            throw TapeFault("the header does not fit together")
        }
    }
}
