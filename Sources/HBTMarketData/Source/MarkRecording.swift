import HBTTypes

/// Mark prices and funding out of a recording of Binance's futures (`markPrice` streams).
///
/// A message names the next funding time `T` and the rate `r` that will be paid then. When a message names a later
/// time, the former one has been reached: the rate and the price that stood last before it were paid.
enum MarkRecording {
    static func read(_ path: String) throws(MarketDataError) -> [MarkRow] {
        let reader = try GzipLineReader(path: path)
        var message = BinanceMessage()
        defer { message.deallocate() }
        var rows: [MarkRow] = []
        var next: (fundingNs: Int64, rate: Double)?
        while let line = try reader.next() {
            guard let start = line.baseAddress, VenueHint.contains(line, "\"markPriceUpdate\"") else { continue }
            guard line.count > 20, line[19] == 0x20, let localNs = Int64(String(decoding: line[..<19], as: UTF8.self)) else {
                throw MarketDataError(path: path, line: reader.lineNumber, .invalid("19 digits of receipt time and a space expected"))
            }
            var failure = start
            do throws(ScanFault) {
                try message.parse(from: start + 20, to: start + line.count, at: &failure)
                failure = start + 20
                let mark = try message.decimal(message.fields.p, "p"), fundingNs = try message.timeNs(message.fields.T, "T")
                // Quarterly contracts have neither a time nor a rate.
                let rate = fundingNs > 0 ? try message.decimal(message.fields.r, "r") : .nan
                if let past = next, fundingNs > past.fundingNs, past.fundingNs > 0 {
                    // Between the two messages, wherever our clock has it.
                    let ns = min(max(past.fundingNs, rows.last?.localNs ?? .min), localNs)
                    rows.append(MarkRow(localNs: ns, markPrice: .nan, fundingRate: past.rate))
                }
                rows.append(MarkRow(localNs: max(localNs, rows.last?.localNs ?? .min), markPrice: mark))
                next = fundingNs > 0 ? (fundingNs, rate) : nil
            } catch {
                throw MarketDataError(path: path, line: reader.lineNumber, .invalid("column \(failure - start + 1): \(error.text)"))
            }
        }
        return rows
    }
}
