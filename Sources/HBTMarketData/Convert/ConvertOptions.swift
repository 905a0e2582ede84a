/// How raw lines become rows; the first three are HftBacktest's options.
public struct ConvertOptions: Sendable, Equatable {
    /// Letters: `t` keeps `bookTicker` (rows 103 and 104), `m` keeps `markPriceUpdate` (rows 100 to 102).
    public var options: String
    /// The smallest feed latency after the correction of a local clock that runs behind the venue's.
    /// Without such a clock (no latency is negative) it is not used.
    public var baseLatencyNs: Int64
    /// True when the payload stands under `data` (combined streams); false when it is the whole message.
    public var combinedStream: Bool
    /// Leave out lines and file ends that are damaged, counting them in the report, instead of stopping.
    public var skipBad: Bool
    /// Rows held in memory (64 bytes each) before they are spooled to disk.
    public var rowsInMemory: Int
    /// Where the spool goes; nil takes `/var/tmp`. The spool has no name and vanishes with the process.
    public var spoolDirectory: String?

    public init(
        options: String = "", baseLatencyNs: Int64 = 0, combinedStream: Bool = true, skipBad: Bool = false,
        rowsInMemory: Int = 1 << 20, spoolDirectory: String? = nil
    ) {
        self.options = options
        self.baseLatencyNs = baseLatencyNs
        self.combinedStream = combinedStream
        self.skipBad = skipBad
        self.rowsInMemory = rowsInMemory
        self.spoolDirectory = spoolDirectory
    }

    func check() throws(MarketDataError) {
        if let letter = options.first(where: { !"tm".contains($0) }) {
            throw MarketDataError(path: "", .unsupported("option letter \"\(letter)\"; the letters are t (best bid and ask) and m (mark price)"))
        }
        guard rowsInMemory > 0 else {
            throw MarketDataError(path: "", .invalid("rowsInMemory is \(rowsInMemory); at least 1 expected"))
        }
    }

    var keepsBookTicker: Bool { options.contains("t") }
    var keepsMarkPrice: Bool { options.contains("m") }
}
