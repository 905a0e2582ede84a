import HBTTypes

/// Collects rows in order of arrival and gives them back in the order of both clocks.
///
/// Memory is `capacity` rows: when they are full, they are sorted by each clock and written to the
/// spool as two runs; `finish` merges the runs (external merge sort, Knuth, TAOCP vol. 3, §5.4).
final class RowSpool {
    private let rows: UnsafeMutablePointer<MarketEvent>
    private let capacity: Int
    @exclusivity(unchecked) private var count = 0
    @exclusivity(unchecked) private var groups: [RowGroup] = []
    private let directory: String
    private var exchangeFile: SpoolFile?
    private var localFile: SpoolFile?
    private var exchangeRuns: [Range<Int64>] = []
    private var localRuns: [Range<Int64>] = []

    /// All rows so far.
    @exclusivity(unchecked) private(set) var total = 0
    /// The smallest local − exchange time so far; `Int64.max` before the first row.
    @exclusivity(unchecked) private(set) var minimumLatencyNs = Int64.max

    init(capacity: Int, directory: String?) {
        precondition(capacity > 0 && capacity <= Int(Int32.max), "a run is indexed by 32 bits")
        self.capacity = capacity
        self.directory = directory ?? "/var/tmp"
        rows = .allocate(capacity: capacity)
        LargePages.advise(rows, bytes: capacity * MemoryLayout<MarketEvent>.stride)
    }

    deinit { rows.deallocate() }

    /// Starts the rows of one message.
    @inline(__always)
    func beginGroup(exchangeNs: Int64, localNs: Int64) {
        let latency = localNs &- exchangeNs
        if latency < minimumLatencyNs { minimumLatencyNs = latency }
        openGroup(exchangeNs, localNs)
    }

    private func openGroup(_ exchangeNs: Int64, _ localNs: Int64) {
        if let last = groups.indices.last, groups[last].count == 0 { groups.removeLast() }
        groups.append(RowGroup(exchangeNs: exchangeNs, localNs: localNs, start: Int32(count), count: 0))
    }

    /// Appends a row of the group begun last; its times must be the group's.
    @inline(__always)
    func append(_ row: MarketEvent) throws(MarketDataError) {
        if count == capacity {
            try flush()
            openGroup(row.exchangeNs, row.localNs)
        }
        rows[count] = row
        count += 1
        total += 1
        groups[groups.count - 1].count += 1
    }

    /// Appends the levels of one side of a message as rows of the group begun last.
    func append(_ levels: LevelList, ev: UInt64, exchangeNs: Int64, localNs: Int64) throws(MarketDataError) {
        var done = 0
        while done < levels.count {
            if count == capacity {
                try flush()
                openGroup(exchangeNs, localNs)
            }
            // Once per block, so that the loop touches no property.
            let n = min(levels.count - done, capacity - count)
            let source = levels.base + done, target = rows + count
            for i in 0..<n {
                target[i] = MarketEvent(
                    ev: ev, exchangeNs: exchangeNs, localNs: localNs, price: source[i].price, quantity: source[i].quantity)
            }
            count += n
            total += n
            groups[groups.count - 1].count += Int32(n)
            done += n
        }
    }

    private func flush() throws(MarketDataError) {
        let exchange: SpoolFile, local: SpoolFile
        if let e = exchangeFile, let l = localFile {
            (exchange, local) = (e, l)
        } else {
            exchange = try SpoolFile(directory: directory)
            local = try SpoolFile(directory: directory)
            (exchangeFile, localFile) = (exchange, local)
        }
        exchangeRuns.append(try write(.exchange, to: exchange))
        localRuns.append(try write(.local, to: local))
        groups.removeAll(keepingCapacity: true)
        count = 0
    }

    private func write(_ clock: RowClock, to file: SpoolFile) throws(MarketDataError) -> Range<Int64> {
        let start = file.position
        let isInOrder = RowGroup.isSorted(groups, by: clock)
        if !isInOrder { RowGroup.sort(&groups, by: clock) }
        for group in groups { try file.append(rows + Int(group.start), count: Int(group.count)) }
        try file.flush()
        if !isInOrder { groups.sort { $0.start < $1.start } }
        return start..<file.position
    }

    /// How much every local time must grow (semantics: `correct_local_timestamp`).
    func localShiftNs(baseLatencyNs: Int64) -> Int64 {
        minimumLatencyNs < 0 ? (0 &- minimumLatencyNs) &+ baseLatencyNs : 0
    }

    /// The rows in order; call once, when all are appended.
    func finish(shiftNs: Int64, path: String) throws(MarketDataError) -> MergedRows {
        let exchange: SortedRows, local: SortedRows
        if let exchangeFile, let localFile {
            if count > 0 { try flush() }
            var e: [any RowRun] = [], l: [any RowRun] = []
            for run in exchangeRuns { e.append(try SpooledRun(spool: exchangeFile, bytes: run)) }
            for run in localRuns { l.append(try SpooledRun(spool: localFile, bytes: run)) }
            exchange = SortedRows(e, by: .exchange, placeholder: rows)
            local = SortedRows(l, by: .local, placeholder: rows)
        } else {
            if groups.last?.count == 0 { groups.removeLast() }
            var e = groups, l = groups
            if !RowGroup.isSorted(e, by: .exchange) { RowGroup.sort(&e, by: .exchange) }
            if !RowGroup.isSorted(l, by: .local) { RowGroup.sort(&l, by: .local) }
            exchange = SortedRows([MemoryRun(rows: rows, groups: e)], by: .exchange, placeholder: rows)
            local = SortedRows([MemoryRun(rows: rows, groups: l)], by: .local, placeholder: rows)
        }
        return MergedRows(byExchange: exchange, byLocal: local, shiftNs: shiftNs, owner: self, path: path)
    }
}
