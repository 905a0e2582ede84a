import Foundation
import HBTMarketData
import HBTTypes
import Testing

@testable import HBTCommands

/// The product's peak memory does not grow with the data: neither while a tape is made nor while it is replayed.
@Suite struct MemoryTests {
    /// A market one after the other `times` times, in time, too.
    private func tiled(_ scratch: Scratch, _ market: [MarketEvent], times: Int, to name: String) throws {
        let writer = try EventFileWriter(path: scratch.file(name))
        let first = market.map { min($0.exchangeNs, $0.localNs) }.min() ?? 0, last = market.map { max($0.exchangeNs, $0.localNs) }.max() ?? 0
        for i in 0..<times {
            let shift = Int64(i) * (last - first + 1)
            try writer.append(market.map { row in
                var row = row
                row.exchangeNs += shift
                row.localNs += shift
                return row
            })
        }
        try writer.finish()
    }

    @Test(.enabled(if: Invocation.product != nil)) func tenTimesTheRowsTakeTheSameMemory() throws {
        let product = try #require(Invocation.product)
        let scratch = try Scratch()
        let market = try EventFileReader.readAll(scratch.market("one.npz", seconds: 60))
        var peaks: [String: [Int64]] = [:]
        for times in [8, 80] {
            try tiled(scratch, market, times: times, to: "market.npy")
            let settings = try scratch.settings(data: ["market.npy"])
            for pass in ["made", "cached"] {
                let run = "\(pass)\(times)"
                // Few steps: what a run records is not what is measured.
                let call = Invocation.end(try Invocation.spawn(
                    product,
                    ["backtest", settings, "--set", "strategy.interval=60s", "--set", "record.every=600s", "--out", run, "--cache", "cache", "--quiet"],
                    in: scratch.path))
                #expect(call.status == 0, "\(call.error)")
                let host = try ReplayModeTests.host(scratch, run)
                #expect(host.replay.tape == pass)
                peaks[pass, default: []].append(host.peakMemoryBytes)
            }
        }
        for (pass, bytes) in peaks.sorted(by: { $0.key < $1.key }) {
            #expect(Double(bytes[1]) <= 1.1 * Double(bytes[0]), "\(pass): \(bytes)")
        }
    }
}
