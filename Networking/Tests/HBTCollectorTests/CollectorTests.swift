import Foundation
import HBTBinance
import HBTCollector
import HBTExchangeServer
import HBTLive
import HBTMarketData
import HBTPaperExchange
import HBTSockets
import HBTTypes
import Testing

/// The recorder against the paper exchange over loopback: what it leaves converts to rows of a sound feed.
@Suite(.serialized)
struct CollectorTests {
    private func server(_ faults: FaultPlan = FaultPlan()) throws -> ExchangeServer {
        let book = try BookSpec("usdm:BTCUSDT")
        let startNs = WallClock.nowNs()
        return try ExchangeServer(host: "127.0.0.1", places: [.init(port: 0)], venueStartNs: startNs, isStepped: false) {
            let books = [PaperSettings.Book(
                rules: try book.rules(listed: []), rows: try book.rows(seed: 1), exchange: .partialFill, makerRate: 0.0002, takerRate: 0.0005)]
            return try PaperExchange(PaperSettings(
                books: books, accounts: [.init(apiKey: "key", secret: "secret")], funds: [.init(asset: "USDT", amount: WireDecimal(mantissa: 1, digits: 0))],
                clock: ReplayClock(venueStartNs: startNs, speed: 1), faults: faults))
        }
    }

    private func record(_ server: ExchangeServer, seconds: Double, codec: RecordingCodec = .gzip, folder: String) throws -> CollectorCore.Counts {
        let settings = CollectorSettings(venue: .binanceFutures, symbols: ["BTCUSDT"])
        let client = try SocketClient()
        defer { client.shutdown() }
        let core = CollectorCore(settings: settings, recorder: FeedRecorder(folder: folder, codec: codec))
        let collector = Collector(
            core: core, client: client, rest: try ServerURL("http://127.0.0.1:\(server.ports[0])"),
            stream: try ServerURL("ws://127.0.0.1:\(server.ports[0])"), note: { _ in })
        collector.start()
        Thread.sleep(forTimeInterval: seconds)
        #expect(collector.stop())
        return collector.counts
    }

    private func scratch() throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("hbt-collect-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    private func files(_ folder: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { "\(folder)/\($0)" } }

    private func rows(_ source: CollectorEventSource) throws -> Int {
        let buffer = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 4096)
        defer { buffer.deallocate() }
        var total = 0
        while case let count = try source.read(into: buffer), count > 0 { total += count }
        return total
    }

    @Test(arguments: RecordingCodec.allCases)
    func theRecordingConverts(codec: RecordingCodec) throws {
        let server = try server()
        defer { try? server.stop() }
        let folder = try scratch()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let counts = try record(server, seconds: 3, codec: codec, folder: folder)
        #expect(counts.messages > 20)
        #expect(counts.snapshots >= 1)
        #expect(counts.gaps == 0)
        #expect(counts.unreadable == 0)
        let source = try CollectorEventSource(paths: try files(folder))
        #expect(source.venue == .binanceFutures)
        #expect(source.report.snapshots >= 1)
        #expect(source.report.updateGapCount == 0)
        #expect(try rows(source) > 20)
    }

    @Test func lostConnectionsAndGapsAreRecordedAndRepaired() throws {
        var plan = FaultPlan()
        for text in ["seed=3", "disconnect=0.01", "gap=0.05", "duplicate=0.1"] { #expect(plan.set(text) == nil) }
        let server = try server(plan)
        defer { try? server.stop() }
        let folder = try scratch()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let counts = try record(server, seconds: 8, folder: folder)
        #expect(counts.connectionFailures > 0)
        #expect(counts.gaps > 0)
        #expect(counts.duplicates > 0)
        #expect(counts.snapshots > 1)
        #expect(try rows(try CollectorEventSource(paths: try files(folder))) > 20)
    }
}
