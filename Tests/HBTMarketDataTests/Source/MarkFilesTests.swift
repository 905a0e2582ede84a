import HBTTypes
import Testing

@testable import HBTMarketData

private func same(_ a: [MarkRow], _ b: [MarkRow]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy {
        $0.localNs == $1.localNs && $0.markPrice.bitPattern == $1.markPrice.bitPattern && $0.fundingRate.isNaN == $1.fundingRate.isNaN
            && ($0.fundingRate.isNaN || $0.fundingRate == $1.fundingRate)
    }
}

struct MarkFilesTests {
    private let rows = [MarkRow(localNs: 1, markPrice: 100.5), MarkRow(localNs: 2, markPrice: .nan, fundingRate: -0.0001), MarkRow(localNs: 2, markPrice: 99)]

    @Test func arraysAndTextHoldTheSame() throws {
        let folder = try ScratchFolder()
        for name in ["m.npz", "m.npy"] {
            let writer = try RowFileWriter<MarkRow>(path: folder(name))
            try writer.append(rows)
            try writer.finish()
            #expect(same(try MarkFiles.readAll(folder(name)), rows))
        }
        let text = try folder.write(Array("local_ts,mark,rate\n1,100.5,\r\n2,,-0.0001\n2,99,\n".utf8), to: "m.csv")
        #expect(same(try MarkFiles.readAll(text), rows))
    }

    @Test(arguments: [
        ("1,abc,\n", "expected"), ("1,100\n", "expected"), ("1,,\n", "not NaN both"), ("1,-5,\n", "above 0"), ("1,100,1.5\n", "between -1 and 1"),
        ("2,100,\n1,100,\n", "local_ts"), ("", "no rows"),
    ])
    func whatIsWrongIsNamed(text: String, word: String) throws {
        let folder = try ScratchFolder()
        let path = try folder.write(Array(text.utf8), to: "m.csv")
        do {
            _ = try MarkFiles.readAll(path)
            Issue.record("read \(text)")
        } catch {
            #expect(error.description.contains(word) || error.reason == .empty, "\(error)")
        }
    }

    /// The rate is paid when the next funding time moves on: by the last message before it.
    @Test func aRecordingPaysWhenTheFundingTimePasses() throws {
        let folder = try ScratchFolder()
        func line(_ ns: Int64, _ mark: String, _ rate: String, next: Int64) -> String {
            let data = #"{"e":"markPriceUpdate","E":1,"s":"BTCUSDT","p":"\#(mark)","i":"1","P":"1","r":"\#(rate)","T":\#(next)}"#
            return #"\#(ns) {"stream":"btcusdt@markPrice@1s","data":\#(data)}"#
        }
        let base: Int64 = 1_723_132_800_000
        let text = [
            line(base * 1_000_000 - 500_000_000, "60000.1", "0.0001", next: base),
            line(base * 1_000_000 + 300_000_000, "60001", "0.0002", next: base + 28_800_000),
            #"1723132801000000000 {"stream":"btcusdt@trade","data":{"e":"trade"}}"#,
        ].joined(separator: "\n") + "\n"
        let path = try folder.write(gzipMember(Array(text.utf8)), to: "m.gz")
        let found = try MarkFiles.readAll(path)
        #expect(same(found, [
            MarkRow(localNs: base * 1_000_000 - 500_000_000, markPrice: 60000.1), MarkRow(localNs: base * 1_000_000, markPrice: .nan, fundingRate: 0.0001),
            MarkRow(localNs: base * 1_000_000 + 300_000_000, markPrice: 60001),
        ]))
    }
}
