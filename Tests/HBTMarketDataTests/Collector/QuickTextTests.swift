import HBTTypes
import Testing

@testable import HBTMarketData

/// All lines of a file by the reader that inflates at once or ahead, and the error that ended it.
private func wholeLines(_ path: String) -> (lines: [String], error: MarketDataError?) {
    var lines: [String] = []
    do {
        let reader = try GzipLineReader(wholeOf: path)
        while let line = try reader.next() { lines.append(String(decoding: line, as: UTF8.self)) }
        return (lines, nil)
    } catch { return (lines, error) }
}

/// Whoever decodes, and in whichever thread: lines, and the error behind them, are the same.
@Test func linesDoNotDependOnWhoInflates() throws {
    let folder = try ScratchFolder()
    let text = [UInt8]((0..<60_000).map { "line \($0 % 977) of many\n" }.joined().utf8) + [UInt8]("the last".utf8)
    let gzip = gzipMember(text)
    var named = gzip
    named[3] = 8
    named.insert(contentsOf: [UInt8]("name".utf8) + [0], at: 10)
    var damaged = gzip
    damaged[500_000] ^= 1
    let files: [[UInt8]] = [
        text, gzip, named, damaged, gzip + gzip, gzip + [0, 0], gzip + [7], [UInt8](gzip.dropLast(3)), [UInt8](gzip[..<400_000]), [], gzipMember([]),
    ]
    for (i, bytes) in files.enumerated() {
        let path = try folder.write(bytes, to: "\(i).gz")
        let (lines, error) = readLines(path)
        for limit in [Int64(64 << 20), 0] {
            ZipMemberStream.$wholeBytes.withValue(limit) {
                let found = wholeLines(path)
                #expect(found.lines == lines, "file \(i)")
                #expect(found.error == error, "file \(i)")
            }
        }
    }
}

/// Numbers read eight bytes at a time are those that the standard library reads.
@Test func quickDecimalsAreExact() throws {
    var random = FormatRandom(seed: 9)
    var quick = 0
    for i in 0..<20_000 {
        let whole = UInt64.random(in: 0..<(i % 2 == 0 ? 100_000 : 100_000_000), using: &random), digits = Int.random(in: 0...9, using: &random)
        let fraction = (0..<digits).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
        let text = digits == 0 ? "\(whole)" : "\(whole).\(fraction)"
        let bytes = [UInt8]("\"\(text)\"\n".utf8) + [UInt8](repeating: 0x39, count: ByteScanner.slack)
        try bytes.withUnsafeBufferPointer { buffer in
            var scanner = ByteScanner(p: try #require(buffer.baseAddress))
            if let value = scanner.quickDecimal(ByteScanner.powerTable) {
                #expect(value == Double(text))
                #expect(scanner.p.pointee == 10)
                quick += 1
            } else {
                #expect(scanner.p == buffer.baseAddress)
                #expect(try scanner.decimal() == Double(text))
            }
        }
    }
    #expect(quick > 5_000)
    for text in ["", "\"", "\".5\"", "\"1.\"", "\"1.5", "\"1,5\"", "\"1e5\"", "\"-1\"", "\"1.5x\"", "1.5", "\"12345678\"", "\"1.123456789\""] {
        let bytes = [UInt8](text.utf8) + [10] + [UInt8](repeating: 0, count: ByteScanner.slack)
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            var scanner = ByteScanner(p: base)
            #expect(scanner.quickDecimal(ByteScanner.powerTable) == nil, "\(text)")
            #expect(scanner.p == base)
        }
    }
}

/// Rows of every shape come back from the spool as they were.
@Test(arguments: [1, 3, 64, 5_000]) func spooledRowsKeepEveryField(capacity: Int) throws {
    var random = FormatRandom(seed: UInt64(capacity))
    let spool = RowSpool(capacity: capacity, directory: nil)
    var rows: [MarketEvent] = []
    for i in 0..<4_000 {
        let isWide = i / 500 % 3 == 1
        let row = MarketEvent(
            ev: i % 5 == 0 ? 1 : EventFlags.buy | 2, exchangeNs: Int64(i / 9), localNs: Int64(i / 9) + 7, price: Double(i) / 3,
            quantity: i % 11 == 0 ? .infinity : Double(i), orderId: isWide ? UInt64.random(in: 0 ... .max, using: &random) : 0,
            ival: isWide && i % 2 == 0 ? -5 : 0, fval: isWide && i % 3 == 0 ? -0.0 : 0)
        if i % 9 == 0 { spool.beginGroup(exchangeNs: row.exchangeNs, localNs: row.localNs) }
        try spool.append(row)
        rows.append(row)
    }
    let merged = try spool.finish(shiftNs: 0, path: "").readAll()
    let expected = rows.map { row in
        var row = row
        row.ev |= EventFlags.exchange | EventFlags.local
        return row
    }
    #expect(sameBytes(merged, expected))
}
