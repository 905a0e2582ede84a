/// Sums of powers over a window that stay exact however long it runs.
///
/// The samples are summed as distances from an origin, with compensation, and the sums are made
/// afresh from the ring
/// - after every 16 windows, so that nothing can pile up (O(1) amortised),
/// - when the origin has come to lie far outside the spread of the samples (Σd² > 10⁴ × what the
///   spread alone would give, 100 × for two variables, 32 × for cubes), so that moments never cancel,
/// - when a sum has been 10¹⁰ times larger than what is left (an outlier has gone).
///
/// Relative error of the variance: below 10⁻¹¹, typically 10⁻¹⁵, after any number of updates.
/// When to rebuild depends on the order of values alone, never on when the window is read.
struct RollingSums<Kind: SampleLanes>: BitwiseCopyable where Kind.Lanes: BitwiseCopyable {
    private(set) var ring: WindowRing<Kind.Element>
    private(set) var origin = Kind.zero
    private var sums = CompensatedSums<Kind.Lanes>()
    /// n·Σd² may exceed the spread by this factor before the origin moves.
    private var limit = Kind.farOrigin { didSet { peakLimit = max(Self.goneOutlier, limit) } }
    /// A sum may have been larger than the spread by this factor.
    private var peakLimit = max(Self.goneOutlier, Kind.farOrigin)
    /// Largest Σd² since the sums were made.
    private var peak = 0.0
    private var sinceRebuild = 0
    /// Changes after which the sums are made afresh, and n, kept beside the count.
    private var rebuildAfter = 16_384
    private(set) var n = 0.0
    /// 1/n and 1/(n − ddof), kept so that reading a full window divides as little as possible.
    private(set) var share = 0.0
    private(set) var freedom = 0.0
    private let ddof: Double

    private static var goneOutlier: Double { 1e10 }

    init(_ span: WindowSpan, ddof: Double = 1) {
        ring = WindowRing(span)
        self.ddof = ddof
    }
    func deallocate() { ring.deallocate() }

    @inline(__always) var count: Int { ring.count }
    @inline(__always) var value: Kind.Lanes { sums.value }

    /// Adds a sample; a full count window loses its oldest.
    @inline(__always) mutating func push(_ x: Kind.Element, at ns: Int64) {
        if ring.limit != 0 && ring.isFull {
            let old = ring.replaceOldest(with: x)
            sums.subtract(Kind.lanes(of: old, from: origin))
        } else {
            ring.append(x, at: ns)
            recount()
            if ring.count == 1 {
                restart(at: x)
                return
            }
        }
        sums.add(Kind.lanes(of: x, from: origin))
        _ = check()
    }

    /// Drops what lies outside a time window.
    @inline(__always) mutating func expire(to ns: Int64) {
        while ring.isExpired(at: ns) {
            let old = ring.removeOldest()
            recount()
            if ring.count == 0 {
                restart(at: Kind.zero)
                return
            }
            sums.subtract(Kind.lanes(of: old, from: origin))
            _ = check()
        }
    }

    @inline(__always) private mutating func recount() {
        n = Double(ring.count)
        rebuildAfter = max(16 &* ring.count, 16_384)
        share = 1 / n
        freedom = 1 / (n - ddof)
    }

    private mutating func restart(at x: Kind.Element) {
        origin = x
        sums = CompensatedSums()
        limit = Kind.farOrigin
        peak = 0
        sinceRebuild = 0
    }

    /// True when the sums have been made afresh.
    @inline(__always) private mutating func check() -> Bool {
        sinceRebuild &+= 1
        let (about, spread) = Kind.squares(sums.sum, count: n, limit: limit)
        peak = about > peak ? about : peak
        guard about > limit * spread || peak > peakLimit * spread || sinceRebuild >= rebuildAfter else { return false }
        rebuild()
        return true
    }

    /// `push` into a full count window.
    ///
    /// - Returns: `value`, but for what this very change rounds away (2⁻⁵³ of the sums): who goes on from it need
    ///   not wait for six more additions, one after the other.
    @inline(__always) mutating func slide(_ x: Kind.Element) -> Kind.Lanes {
        let old = ring.replaceOldest(with: x)
        let origin = origin
        var sums = sums
        let lost = sums.lost
        sums.subtract(Kind.lanes(of: old, from: origin))
        sums.add(Kind.lanes(of: x, from: origin))
        self.sums = sums
        return check() ? value : sums.sum + lost
    }

    @inline(never) private mutating func rebuild() {
        origin = ring.newest.pointee
        fill()
        // A newest value that is itself an outlier makes a poor origin: then the mean.
        let near = min(100, Kind.farOrigin / 8)
        var (about, spread) = Kind.squares(sums.sum, count: n, limit: near)
        if about > near * spread && spread > 0 {
            origin = Kind.moved(origin, by: sums.value, count: n)
            fill()
            (about, spread) = Kind.squares(sums.sum, count: n, limit: near)
        }
        limit = spread > 0 ? max(Kind.farOrigin, 8 * about / spread) : Kind.farOrigin
        peak = about
        sinceRebuild = 0
    }

    private mutating func fill() {
        sums = CompensatedSums()
        for i in 0..<ring.count { sums.add(Kind.lanes(of: ring[i], from: origin)) }
    }

    // MARK: state

    func encode(into out: inout StateWriter) {
        out.begin("SUMS")
        ring.encode(into: &out)
        out.putRaw([origin])
        out.putRaw([sums])
        out.put(limit)
        out.put(peak)
        out.put(sinceRebuild)
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try input.expect("SUMS")
        try ring.restore(from: &input)
        let origins = try input.raw(Kind.Element.self), stored = try input.raw(CompensatedSums<Kind.Lanes>.self)
        guard origins.count == 1, stored.count == 1 else { throw StateError("the sums of a window are not whole") }
        origin = origins[0]
        sums = stored[0]
        limit = try input.double()
        peak = try input.double()
        sinceRebuild = try input.int()
        recount()
    }
}
