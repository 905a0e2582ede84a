import HBTTypes

/// The rows of a `LiveFeed`: what waits for the watermark and what may be played. The owner calls `deallocate()`.
struct LiveFeedRows {
    let isSimulated: Bool
    private let reorderNs: Int64
    private let latencyLimitNs: Int64
    var clockNs = Int64.min
    var watermarkNs = Int64.min
    /// Rows whose times had to be moved.
    var movedRows: Int64 = 0
    /// False after `close`.
    var isOpen = true
    /// Rows for the simulated venue that the watermark has not passed, in order of venue time.
    var held: [MarketEvent] = []
    var heldHead = 0
    var ready = RowRing<MarketEvent>(capacity: 1_024)

    init(isSimulated: Bool, reorderNs: Int64, latencyLimitNs: Int64) {
        self.isSimulated = isSimulated
        self.reorderNs = reorderNs
        self.latencyLimitNs = latencyLimitNs
    }

    func deallocate() { ready.deallocate() }

    /// Adds rows in the order of their receipt.
    mutating func push(_ rows: UnsafeBufferPointer<MarketEvent>) {
        precondition(isOpen, "a closed feed takes no rows")
        ready.reserve(2 * rows.count)
        guard isSimulated else { return pass(rows) }
        for row in rows { add(row) }
        release()
    }

    /// Says that every row received at or before `localNs` has been pushed.
    mutating func advance(toLocalNs localNs: Int64) {
        guard isOpen, localNs > clockNs else { return }
        clockNs = localNs
        raise(to: earlier(localNs, by: latencyLimitNs))
        release()
    }

    /// No more rows will come.
    mutating func close() {
        isOpen = false
        clockNs = .max
        watermarkNs = .max
        release()
    }

    mutating func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) -> Int {
        let count = min(buffer.count, ready.count)
        for i in 0..<count {
            buffer[i] = ready.first.pointee
            ready.removeFirst()
        }
        return count
    }

    /// Up to when everything is known, on the engine's clock; `.max` when closed.
    func knownNs(offsetNs: Int64) -> Int64 {
        guard isOpen else { return .max }
        guard clockNs != .min else { return .min }
        let localNs = offsetNs >= 0 ? later(clockNs, by: offsetNs) : earlier(clockNs, by: 0 &- offsetNs)
        return isSimulated ? min(localNs, watermarkNs) : localNs
    }

    /// Rows of which the engine's own venue sees nothing.
    private mutating func pass(_ rows: UnsafeBufferPointer<MarketEvent>) {
        guard var row = rows.baseAddress else { return }
        var ring = ready, clock = clockNs
        let end = row + rows.count
        while row < end {
            // Whole, and then what is different: a row taken apart and put together costs twice as much.
            let place = ring.appendPlace()
            place.update(from: row, count: 1)
            let ev = row.pointee.ev
            place.pointee.ev = ev & ~EventFlags.exchange
            if ev & EventFlags.local != 0 {
                var localNs = row.pointee.localNs
                if localNs <= clock {
                    localNs = later(clock, by: 1)
                    place.pointee.localNs = localNs
                    movedRows += 1
                }
                clock = localNs &- 1
            }
            row += 1
        }
        (ready, clockNs) = (ring, clock)
    }

    private mutating func add(_ pushed: MarketEvent) {
        var row = pushed
        if row.ev & EventFlags.local != 0 {
            if row.localNs <= clockNs {
                row.localNs = later(clockNs, by: 1)
                movedRows += 1
            }
            clockNs = row.localNs &- 1
        }
        if row.exchangeNs <= watermarkNs {
            row.exchangeNs = later(watermarkNs, by: 1)
            movedRows += 1
        }
        // One row with an absurd time must not carry the watermark away with it.
        let newestNs = min(row.exchangeNs, later(row.localNs, by: latencyLimitNs))
        if row.ev & EventFlags.local != 0 {
            var local = row
            local.ev &= ~EventFlags.exchange
            ready.append(local)
        }
        if row.ev & EventFlags.exchange != 0 {
            row.ev &= ~EventFlags.local
            hold(row)
        }
        raise(to: max(earlier(earlier(newestNs, by: reorderNs), by: 1), earlier(clockNs, by: latencyLimitNs)))
    }

    /// Rows of one venue time stay in the order of their receipt.
    private mutating func hold(_ row: MarketEvent) {
        held.append(row)
        var i = held.count - 1
        while i > heldHead && held[i - 1].exchangeNs > row.exchangeNs {
            held[i] = held[i - 1]
            i -= 1
        }
        held[i] = row
    }

    private mutating func raise(to ns: Int64) { watermarkNs = max(watermarkNs, ns) }

    private mutating func release() {
        while heldHead < held.count && held[heldHead].exchangeNs <= watermarkNs {
            ready.reserve(1)
            ready.append(held[heldHead])
            heldHead += 1
        }
        if heldHead == held.count {
            held.removeAll(keepingCapacity: true)
            heldHead = 0
        } else if heldHead >= 1_024 && heldHead * 2 >= held.count {
            held.removeFirst(heldHead)
            heldHead = 0
        }
    }

    private func earlier(_ ns: Int64, by span: Int64) -> Int64 {
        let (difference, isOverflow) = ns.subtractingReportingOverflow(span)
        return isOverflow ? .min : difference
    }
}
