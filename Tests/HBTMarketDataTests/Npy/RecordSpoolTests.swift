import HBTTypes
import Testing

@testable import HBTMarketData

private func someRecords(_ count: Int, asset: Int) -> [RecordRow] {
    (0..<count).map { row in
        let x = Double(row)
        return RecordRow(
            timestampNs: Int64(row) * 1_000_000_000, price: row == 0 ? .nan : 64_000 + x, position: Double(asset),
            balance: -x / 3, fee: x / 7, numTrades: Int64(row), tradingVolume: x / 11, tradingValue: x * 1.1)
    }
}

@Test(arguments: [1, 3])
func recordsOfInterleavedAssetsComeBackByKey(assetCount: Int) throws {
    let folder = try ScratchFolder()
    let records = (0..<assetCount).map { someRecords(5_000 + $0 * 2_000, asset: $0) }
    let spool = try RecordSpool(path: folder("records.npz"), assetCount: assetCount)
    var next = [Int](repeating: 0, count: assetCount)
    var random = FormatRandom(seed: 9)
    while next != records.map(\.count) {
        for asset in 0..<assetCount {
            let count = min(Int.random(in: 0...300, using: &random), records[asset].count - next[asset])
            try spool.append(Array(records[asset][next[asset]..<(next[asset] + count)]), asset: asset)
            next[asset] += count
        }
    }
    #expect(try folder.names().count == 1, "one partial file; what waits has no name")
    try spool.finish()
    #expect(try folder.names() == ["records.npz"])
    #expect(try ZipArchive(path: folder("records.npz")).entries.map(\.name) == (0..<assetCount).map { "\($0).npy" })
    for asset in 0..<assetCount {
        let reader = try NpyRowReader<RecordRow>.npz(folder("records.npz"), key: String(asset))
        #expect(sameBytes(try reader.readAll(), records[asset]))
    }
}

@Test func anEmptyRunHasEmptyRecords() throws {
    let folder = try ScratchFolder()
    let spool = try RecordSpool(path: folder("records.npz"), assetCount: 2)
    try spool.finish()
    #expect(try NpyRowReader<RecordRow>.npz(folder("records.npz"), key: "1").readAll().isEmpty)
    #expect(failure { try spool.append(someRecords(1, asset: 0), asset: 0) }?.reason == .cannotWrite("it is closed"))
}

@Test func anAbandonedRunLeavesNoRecords() throws {
    let folder = try ScratchFolder()
    do {
        let spool = try RecordSpool(path: folder("records.npz"), assetCount: 2)
        try spool.append(someRecords(10_000, asset: 1), asset: 1)
    }
    #expect(try folder.names().isEmpty)
}
