import Foundation
import HBTBinance
import HBTTypes
import Testing

@testable import HBTRunner

@Suite struct StartTests {
    private func info(tick: String = "0.10", status: String = "TRADING") -> [UInt8] {
        Array("""
            {"symbols":[{"symbol":"BTCUSDT","pair":"BTCUSDT","status":"\(status)","baseAsset":"BTC","quoteAsset":"USDT","marginAsset":"USDT",
            "pricePrecision":2,"quantityPrecision":3,"filters":[{"filterType":"PRICE_FILTER","minPrice":"556.80","maxPrice":"4529764","tickSize":"\(tick)"},
            {"filterType":"LOT_SIZE","minQty":"0.001","maxQty":"1000","stepSize":"0.001"}]}]}
            """.utf8)
    }

    private func fault(_ bytes: [UInt8], _ spec: AssetSpec, _ market: VenueMarket = .usdMargined) -> String {
        do {
            _ = try SymbolCheck.rules(bytes, market: market, specs: [spec])
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func rulesThatDifferAreRefused() {
        let spec = AssetSpec(symbol: "BTCUSDT", tickSize: 0.1, lotSize: 0.001)
        #expect(fault(info(), spec) == "")
        #expect(fault(info(tick: "0.01"), spec) == "BTCUSDT: tick_size = 0.1, but the venue's is 0.01; change the settings")
        #expect(fault(info(), AssetSpec(symbol: "BTCUSDT", tickSize: 0.1, lotSize: 0.01)).contains("lot_size = 0.01, but the venue's is 0.001"))
        #expect(fault(info(), AssetSpec(symbol: "ETHUSDT", tickSize: 0.1, lotSize: 0.001)).contains("does not list this symbol"))
        #expect(fault(info(status: "BREAK"), spec).contains("does not trade it now (BREAK)"))
        #expect(fault(info(), AssetSpec(symbol: "BTCUSDT", tickSize: 0.1, lotSize: 0.001, contract: .inverse(size: 1))).contains("are linear"))
        #expect(fault(Array("<html>".utf8), spec) != "")
    }

    @Test func keysComeFromTheEnvironmentOrAPrivateFile() throws {
        #expect(throws: ApiKeys.Fault.self) { () throws(ApiKeys.Fault) in try ApiKeys.load(file: nil, environment: ["HBT_API_KEY": "a"]) }
        let keys = try ApiKeys.load(file: nil, environment: ["HBT_API_KEY": "the-key", "HBT_API_SECRET": "the-secret"])
        #expect(keys.signer.apiKey == "the-key")
        #expect(!"\(keys) \(String(reflecting: keys))".contains("the-"))
        var dumped = ""
        dump(keys, to: &dumped)
        #expect(!dumped.contains("the-"))
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("hbt-key-\(UInt64.random(in: 0 ... .max))").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        try "# of the test account\nkey = file-key\nsecret = \"file-secret\"\n".write(toFile: file, atomically: false, encoding: .utf8)
        chmod(file, 0o644)
        #expect(throws: ApiKeys.Fault("\(file): others may read this key file; chmod 600 it")) { () throws(ApiKeys.Fault) in try ApiKeys.load(file: file) }
        chmod(file, 0o600)
        #expect(try ApiKeys.load(file: file).signer.apiKey == "file-key")
        try "only-one".write(toFile: file, atomically: false, encoding: .utf8)
        let fault = #expect(throws: ApiKeys.Fault.self) { () throws(ApiKeys.Fault) in try ApiKeys.load(file: file) }
        #expect(fault?.description.contains("only-one") == false)
    }

    @Test func repeatedNotesAreCounted() {
        var filter = NoteFilter()
        var written = (1...9).compactMap { filter.text("order \($0) was not sent", at: Int64($0) * 100_000_000) }
        written += [filter.text("something else", at: 950_000_000), filter.text("order 10 was not sent", at: 1_100_000_000)].compactMap { $0 }
        #expect(written == ["order 1 was not sent", "something else", "order 10 was not sent (and 8 like it)"])
    }

    @Test func snapshotsAreAskedForLessAndLessOften() {
        var pace = SnapshotPace(seed: 1)
        var ns: Int64 = 0, waits: [Int64] = []
        for _ in 0..<9 {
            waits.append(pace.wait(at: ns))
            ns += waits[waits.count - 1]
        }
        #expect(waits[0] == 0)
        #expect(waits.dropFirst().allSatisfy { $0 >= 125_000_000 && $0 <= 30_000_000_000 })
        #expect(waits[8] > 8 * waits[1])
        let rested = pace.wait(at: ns + 31_000_000_000)
        #expect(rested == 0)
        pace.failed(at: 0)
        let due = [1, 200_000_000, 300_000_000].map { pace.isFailureDue($0) }
        #expect(due == [false, true, false], "once, and not at once")
    }
}
