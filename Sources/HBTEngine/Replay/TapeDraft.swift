/// A segment as the rows made it, before it is laid out: columns of either clock.
///
/// Handed from the thread that makes segments to the one that lays them out and back, never in both
/// hands at once; hence unchecked.
final class TapeDraft: @unchecked Sendable {
    var exchangeBatches = TapeColumn<TapeExchangeBatch>()
    var specials = TapeColumn<TapeSpecial>()
    var localBatches = TapeColumn<TapeLocalBatch>()
    var trades = TapeColumn<TapeTrade>()
    var exchangeRows = TapeColumn<TapeRow>()
    var localRows = TapeColumn<TapeRow>()
    var bidChanges = TapeColumn<TapeBestChange>()
    var askChanges = TapeColumn<TapeBestChange>()
    /// First words of the exchange part and of the local part.
    var head: [Int64] = []
    var localHead: [Int64] = []

    func removeAll() {
        exchangeBatches.removeAll()
        specials.removeAll()
        localBatches.removeAll()
        trades.removeAll()
        exchangeRows.removeAll()
        localRows.removeAll()
        bidChanges.removeAll()
        askChanges.removeAll()
    }

    deinit {
        exchangeBatches.deallocate()
        specials.deallocate()
        localBatches.deallocate()
        trades.deallocate()
        exchangeRows.deallocate()
        localRows.deallocate()
        bidChanges.deallocate()
        askChanges.deallocate()
    }
}
