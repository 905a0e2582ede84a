import HBTMarketData

/// What is recorded, and from where.
public struct CollectorSettings: Sendable {
    public var venue: Venue
    /// Upper case, each once.
    public var symbols: [String]
    /// Streams of each symbol, as the venue names them: `trade`, `depth@0ms`, ….
    public var streams: [String]
    /// The venue takes so many streams on a connection.
    public var streamsPerConnection = 200
    /// Connections that carry the same streams.
    public var copies = 1
    /// Levels a side of a snapshot.
    public var snapshotLevels = 1000
    /// Snapshots in any minute, over all symbols (each costs 20 to 50 of the venue's weight).
    public var snapshotsPerMinute = 60
    public var limits = ConnectionPlan.Limits()
    public var seed: UInt64 = 1

    public init(venue: Venue, symbols: [String], streams: [String]? = nil) {
        self.venue = venue
        self.symbols = symbols
        self.streams = streams ?? Self.standardStreams(venue)
    }

    /// Those of HftBacktest's collector.
    public static func standardStreams(_ venue: Venue) -> [String] {
        ["trade", "bookTicker", venue == .binanceSpot ? "depth@100ms" : "depth@0ms"]
    }

    /// Production addresses.
    public static func standardAddresses(_ venue: Venue) -> (rest: String, stream: String) {
        switch venue {
        case .binanceFutures: ("https://fapi.binance.com", "wss://fstream.binance.com")
        case .binanceCoinFutures: ("https://dapi.binance.com", "wss://dstream.binance.com")
        case .binanceSpot: ("https://api.binance.com", "wss://stream.binance.com:9443")
        }
    }

    var depthRule: DepthRule { venue == .binanceSpot ? .spot : .futures }

    /// What is wrong with it, and what to do; nil when nothing is.
    public var fault: String? {
        guard !symbols.isEmpty else { return "no symbol to record; name at least one" }
        for symbol in symbols where symbol.isEmpty || !symbol.utf8.allSatisfy(Self.isSymbolByte) {
            return "\"\(symbol)\" is no symbol; letters, digits, _ and - only, such as BTCUSDT"
        }
        guard Set(symbols).count == symbols.count else { return "a symbol is named twice; name each once" }
        guard (1...4).contains(copies) else { return "\(copies) connections of the same feed; 1 to 4" }
        guard (5...5000).contains(snapshotLevels) else { return "\(snapshotLevels) levels; 5 to 5000" }
        for stream in streams where stream.isEmpty || !stream.utf8.allSatisfy({ Self.isSymbolByte($0) || $0 == UInt8(ascii: "@") }) {
            return "\"\(stream)\" is no stream; the venue's own name after the symbol, such as depth@100ms"
        }
        return streams.isEmpty ? "no stream to record; name at least one" : nil
    }

    private static func isSymbolByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    func snapshotPath(_ symbol: String) -> String {
        let prefix = switch venue {
        case .binanceFutures: "/fapi/v1"
        case .binanceCoinFutures: "/dapi/v1"
        case .binanceSpot: "/api/v3"
        }
        return "\(prefix)/depth?symbol=\(symbol)&limit=\(snapshotLevels)"
    }

    /// Paths of the combined streams, one for each connection that has to stand; a symbol's streams are never split.
    var streamPaths: [String] {
        let paths = combinedPaths
        return (0..<copies).flatMap { _ in paths }
    }

    private var combinedPaths: [String] {
        let perConnection = max(1, streamsPerConnection / streams.count)
        return stride(from: 0, to: symbols.count, by: perConnection).map { start in
            let names = symbols[start..<min(start + perConnection, symbols.count)].flatMap { symbol in streams.map { "\(symbol.lowercased())@\($0)" } }
            return "/stream?streams=" + names.joined(separator: "/")
        }
    }
}
