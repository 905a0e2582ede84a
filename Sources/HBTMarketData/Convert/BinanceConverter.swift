import HBTTypes

/// Collector lines of one symbol to rows, in order of arrival and without EXCH and LOCAL flags.
///
/// One converter reads all files of a conversion, so that update-id chains run across them.
final class BinanceConverter {
    let venue: Venue
    let options: ConvertOptions
    let spool: RowSpool
    // Without checks of exclusive access, which would be made several times a line: nothing here is
    // handed out while it changes.
    @exclusivity(unchecked) var report: ConversionReport
    @exclusivity(unchecked) var message = BinanceMessage()

    var file = ""
    @exclusivity(unchecked) var line = 0
    @exclusivity(unchecked) var localNs: Int64 = 0
    /// The newest exchange time seen; what a spot `bookTicker` gets, which carries none.
    @exclusivity(unchecked) var lastExchangeNs: Int64?
    @exclusivity(unchecked) var lastUpdateId: Int64?
    @exclusivity(unchecked) var lastTradeId: Int64?
    /// Spot snapshots wait here until the stream tells which moment they belong to.
    var alignment = SpotSnapshotAlignment()

    struct Tally {
        var trade = 0, depthUpdate = 0, bookTicker = 0, markPrice = 0, snapshot = 0, restError = 0, reply = 0
        var noMarketTrade = 0, unwantedBookTicker = 0, unwantedMarkPrice = 0, timelessBookTicker = 0
    }
    @exclusivity(unchecked) var tally = Tally()
    var unknown = NamedCounts()

    init(venue: Venue, options: ConvertOptions) {
        self.venue = venue
        self.options = options
        report = ConversionReport(venue: venue)
        spool = RowSpool(capacity: options.rowsInMemory, directory: options.spoolDirectory)
    }

    deinit { message.deallocate() }

    /// Reads one file to its end.
    func read(_ path: String) throws(MarketDataError) {
        let reader = try GzipLineReader(wholeOf: path)
        file = path
        report.files.append(path)
        do throws(MarketDataError) {
            while let bytes = try reader.next() {
                line = reader.lineNumber
                try convert(bytes)
            }
        } catch {
            guard options.skipBad, case .corrupt(let text) = error.reason else { throw error }
            report.badLines += 1
            ConversionReport.note(.init(file: path, line: error.line ?? 0, text: text), in: &report.bad)
        }
        guard reader.lineNumber > 0 else { throw MarketDataError(path: path, .empty) }
        report.lines += reader.lineNumber
    }

    /// One line, newline excluded but readable.
    func convert(_ bytes: UnsafeBufferPointer<UInt8>) throws(MarketDataError) {
        guard let start = bytes.baseAddress else { return try skipOrThrow(.badLocalTime(digits: 0), column: 1) }
        let end = start + bytes.count
        var failure = start
        do {
            let payload = try receiptTime(start)
            failure = payload
            try message.parse(from: payload, to: end, at: &failure)
            failure = payload
            try dispatch()
        } catch let fault as ScanFault {
            try skipOrThrow(fault, column: failure - start + 1)
        } catch let error as MarketDataError {
            throw error
        } catch {
            preconditionFailure("only scan faults and data errors are thrown here: \(error)")
        }
    }

    private func skipOrThrow(_ fault: ScanFault, column: Int) throws(MarketDataError) {
        let text = "column \(column): \(fault.text)"
        guard options.skipBad else {
            throw MarketDataError(path: file, line: line, .invalid(text + "; repair the line, or skip bad lines"))
        }
        report.badLines += 1
        ConversionReport.note(.init(file: file, line: line, text: text), in: &report.bad)
    }

    /// `19 digits, space`: nanoseconds; 16 digits: microseconds, as older collectors wrote.
    private func receiptTime(_ start: UnsafePointer<UInt8>) throws(ScanFault) -> UnsafePointer<UInt8> {
        var p = start
        var value: UInt64 = 0
        while p.pointee &- 0x30 < 10 {
            value = value &* 10 &+ UInt64(p.pointee &- 0x30)
            p += 1
        }
        let digits = p - start
        guard digits == 19 || digits == 16, p.pointee == 0x20, value <= UInt64(Int64.max) else { throw .badLocalTime(digits: digits) }
        let previous = localNs
        if digits == 16 {
            // 16 digits scaled by a thousand stay below 10¹⁹, yet may exceed Int64.
            let (ns, overflow) = Int64(value).multipliedReportingOverflow(by: 1000)
            guard !overflow else { throw .badLocalTime(digits: digits) }
            localNs = ns
            report.microsecondLines += 1
        } else {
            localNs = Int64(value)
        }
        if report.firstLocalNs == nil { report.firstLocalNs = localNs } else if localNs < previous { report.localReversals += 1 }
        report.lastLocalNs = localNs
        return p + 1
    }

    /// All rows, in the order of both clocks.
    func finish(path: String) throws(MarketDataError) -> MergedRows {
        try flushPendingSnapshot()
        var messages = unknown
        messages.add("trade", tally.trade)
        messages.add("depthUpdate", tally.depthUpdate)
        messages.add("bookTicker", tally.bookTicker)
        messages.add("markPriceUpdate", tally.markPrice)
        messages.add("snapshot", tally.snapshot)
        messages.add("REST error", tally.restError)
        messages.add("reply", tally.reply)
        report.messages = messages.sorted
        var skipped = NamedCounts()
        skipped.add("trade that is not X = MARKET", tally.noMarketTrade)
        skipped.add("bookTicker without option t", tally.unwantedBookTicker)
        skipped.add("bookTicker before any exchange time", tally.timelessBookTicker)
        skipped.add("markPriceUpdate without option m", tally.unwantedMarkPrice)
        skipped.add("REST error", tally.restError)
        skipped.add("reply to a request", tally.reply)
        skipped.add("unknown message", unknown.counts.reduce(0) { $0 + $1.count })
        skipped.add("damaged line", report.badLines)
        report.skipped = skipped.sorted
        report.restErrorCount = tally.restError
        report.snapshots = tally.snapshot
        report.rows = spool.total
        report.minimumLatencyNs = spool.total > 0 ? spool.minimumLatencyNs : nil
        report.localShiftNs = spool.total > 0 ? spool.localShiftNs(baseLatencyNs: options.baseLatencyNs) : 0
        return try spool.finish(shiftNs: report.localShiftNs, path: path)
    }
}
