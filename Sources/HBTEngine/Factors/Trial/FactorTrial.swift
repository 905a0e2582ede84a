import HBTTypes

/// One asset's rows in memory, played through a book with a graph or without: what measurements time.
///
/// The loop is the engine's own; decoding, files and sampling are left out. After `rewind` the rows come
/// again later, by the length of the data, so that windows stay as full as they are.
@_spi(Measuring) public final class FactorTrial {
    let graph: FactorGraph?
    private var local: LocalSide<DenseLevels>
    let rows: UnsafeMutableBufferPointer<LocalRow>
    /// End of each wave in `rows`.
    let ends: [Int]
    private let lengthNs: Int64

    /// - Parameter spec: with a range of interest.
    /// - Throws: when the rows break the rules of the data.
    public init(_ graph: FactorGraph?, spec: AssetSpec, events: [MarketEvent]) throws {
        var stream = FeedStream(
            source: ArrayEventSource(events), grid: Grid(tickSize: spec.tickSize, lotSize: spec.lotSize), feedLatencyOffsetNs: 0, checksOrder: true)
        defer { stream.deallocate() }
        while !stream.ended { stream.readBlock() }
        if let failure = stream.failure { throw failure }
        let all = stream.localRows.contiguous
        guard all.count == stream.localRows.count, let last = all.last else { throw EngineError("there are no rows to measure with") }
        rows = .allocate(capacity: all.count)
        _ = rows.initialize(from: all)
        ends = all.indices.filter { $0 + 1 == all.count || all[$0 + 1].localNs != all[$0].localNs }.map { $0 + 1 }
        lengthNs = last.localNs - all[0].localNs + 1_000_000
        self.graph = graph
        local = LocalSide(spec: spec, isReference: false, keepsTrades: false)
    }

    deinit {
        rows.deallocate()
        local.deallocate()
    }

    public var rowCount: Int { rows.count }
    public var waveCount: Int { ends.count }
    /// Rows of a wave.
    public func wave(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

    /// All rows, and the last wave evaluated.
    public func playAll() { play(0..<rows.count) }

    /// Rows of a range, which follows the one before; with the last row the last wave is evaluated.
    @inline(never) public func play(_ range: Range<Int>) {
        let part = UnsafeMutableBufferPointer(rebasing: rows[range])
        if let graph { Self.play(part, graph.core, &local) } else { Self.play(part, &local) }
        if range.upperBound == rows.count { evaluate() }
    }

    private static func play(_ rows: UnsafeMutableBufferPointer<LocalRow>, _ local: inout LocalSide<DenseLevels>) {
        for i in rows.indices { local.apply(rows.baseAddress.unsafelyUnwrapped + i) }
    }

    private static func play(
        _ rows: UnsafeMutableBufferPointer<LocalRow>, _ core: UnsafeMutablePointer<FactorCore>, _ local: inout LocalSide<DenseLevels>
    ) {
        let probe = core.pointee.probes
        for i in rows.indices {
            let row = rows.baseAddress.unsafelyUnwrapped + i
            if !core.pointee.isOpen(at: row.pointee.localNs) {
                probe.pointee.settle(&local.book)
                core.pointee.open(row.pointee.localNs)
            }
            local.apply(row, probe, core)
        }
    }

    /// One row, which opens its wave if it is the first of it.
    @inline(never) public func play(_ index: Int) {
        let row = rows.baseAddress.unsafelyUnwrapped + index
        guard let graph else { return local.apply(row) }
        if !graph.core.pointee.isOpen(at: row.pointee.localNs) { graph.core.pointee.open(row.pointee.localNs) }
        local.apply(row, graph.core.pointee.probes, graph.core)
    }

    /// Ends the wave that is open: ranges follow the book, touched nodes are evaluated.
    @inline(never) public func evaluate() {
        guard let graph else { return }
        settle()
        graph.core.pointee.evaluateWave()
    }

    func settle() { graph?.core.pointee.probes.pointee.settle(&local.book) }

    public func rewind() {
        for i in rows.indices { rows[i].localNs += lengthNs }
    }
}
