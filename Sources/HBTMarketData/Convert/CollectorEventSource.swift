import HBTTypes

/// Collector files as rows ready for the engine: corrected, ordered, flagged.
///
/// Opening reads all files once (the corrections depend on the smallest latency of the whole data);
/// rows beyond `ConvertOptions.rowsInMemory` wait in an unnamed spool file, so memory stays flat.
public final class CollectorEventSource: EventFileSource {
    /// What was read, converted and left out.
    public let report: ConversionReport
    public let venue: Venue
    private let rows: MergedRows

    /// - Parameters:
    ///   - paths: collector files (gzip or plain) of one symbol, in order; they are one stream.
    ///   - venue: nil looks at the first messages (`detectVenue`).
    public init(paths: [String], venue: Venue? = nil, options: ConvertOptions = ConvertOptions()) throws(MarketDataError) {
        try options.check()
        guard let first = paths.first else { throw MarketDataError(path: "", .empty) }
        let resolved: Venue
        if let venue { resolved = venue } else { resolved = try Self.detectVenue(path: first) }
        let converter = BinanceConverter(venue: resolved, options: options)
        for path in paths { try converter.read(path) }
        rows = try converter.finish(path: first)
        report = converter.report
        self.venue = resolved
    }

    public func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        try rows.read(into: buffer)
    }

    /// Rows are ordered while they are read, and some appear once for each side.
    public var rowsTotal: Int64? { nil }

    /// What a run on these rows ought to mention.
    public var warnings: [String] {
        var lines: [String] = []
        if report.updateGapCount > 0 { lines.append("\(report.updateGapCount) breaks in the chain of depth updates; run validate on the file") }
        if report.badLines > 0 { lines.append("\(report.badLines) damaged lines left out") }
        if report.restErrorCount > 0 { lines.append("\(report.restErrorCount) snapshots failed at the venue") }
        return lines
    }

    /// Tells the venue by the first messages: a depth update without `T` is spot's; futures are
    /// COIN-M when the symbol's pair is given (`ps`), else USD-M.
    public static func detectVenue(path: String) throws(MarketDataError) -> Venue {
        let reader = try GzipLineReader(path: path, blockBytes: 1 << 16)
        var seen = 0
        while seen < 10_000, let line = try reader.next() {
            seen += 1
            if let venue = VenueHint.venue(of: line) { return venue }
        }
        throw MarketDataError(
            path: path,
            .unsupported("no message of a known venue in the first \(seen) lines; name the venue (\(Venue.allCases.map(\.rawValue).joined(separator: ", ")))"))
    }
}
