import HBTTypes

/// The mark prices and the funding of one asset of a journal, as `hbt backtest` reads them.
///
/// On paper they are the rows that the run was charged by. Live, the venue said what it charged and not how: the rate is
/// then the one that charges this amount on the position that the run had.
public struct JournalMarks {
    private let reader: JournalReader
    private let asset: Int
    private let contract: ContractSpec
    private let tickSize: Double
    private var position = 0.0
    /// Newest mark price, or the last execution's before there is one.
    private var price = Double.nan
    /// Payments that no rate can express, because the run had no position then.
    public private(set) var unexpressed = 0

    /// - Parameter path: a journal's folder, or its only file.
    public init(_ path: String, asset: Int, spec: AssetSpec) throws(JournalError) {
        reader = try JournalReader(path)
        self.asset = asset
        contract = spec.contract
        tickSize = spec.tickSize
    }

    /// The next row in order of time; nil at the journal's end.
    public mutating func next() throws(JournalError) -> MarkRow? {
        while let entry = try reader.next() {
            switch entry {
            case .markPrice(asset, let row):
                if row.markPrice.isFinite { price = row.markPrice }
                return row
            case .answer(asset, let order, _, _) where order.executionId != 0:
                position += order.executedQuantity * Double(order.side.rawValue)
                if !price.isFinite { price = Double(order.executedPriceTick) * tickSize }
            case .correction(asset, let corrected, _, _): position = corrected
            case .funding(asset, let amount, let localNs):
                let value = contract.value(of: position, at: price)
                guard value != 0, value.isFinite else {
                    unexpressed += 1
                    continue
                }
                return MarkRow(localNs: localNs, markPrice: price, fundingRate: amount / value)
            default: break
            }
        }
        return nil
    }
}
