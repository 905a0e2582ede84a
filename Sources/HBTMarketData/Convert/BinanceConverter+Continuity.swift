/// Chains of ids: they say when data was lost. They change no row.
extension BinanceConverter {
    /// Futures: `pu` repeats the previous message's `u`. Spot has no `pu`: `U` follows the previous `u`.
    func noteUpdateIds(first: Int64, last: Int64) throws(ScanFault) {
        let found: Int64
        if venue.isSpot {
            found = first &- 1
        } else {
            found = try message.integer(message.fields.pu, "pu")
        }
        if let expected = lastUpdateId, found != expected {
            report.updateGapCount += 1
            ConversionReport.note(.init(file: file, line: line, localNs: localNs, expectedId: expected, foundId: found), in: &report.updateGaps)
        }
        lastUpdateId = last
    }

    func noteTradeId(_ value: BinanceMessage.Value?) {
        guard let value, let id = ByteScanner(p: value).integer() else { return }
        defer { lastTradeId = max(id, lastTradeId ?? id) }
        guard let last = lastTradeId else { return }
        if id <= last {
            report.duplicateTradeCount += 1
        } else if id != last &+ 1 {
            report.tradeGapCount += 1
            ConversionReport.note(.init(file: file, line: line, localNs: localNs, expectedId: last &+ 1, foundId: id), in: &report.tradeGaps)
        }
    }
}
