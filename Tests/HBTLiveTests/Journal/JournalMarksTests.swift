import HBTEngine
import HBTTypes
import Testing

@testable import HBTLive

struct JournalMarksTests {
    private func rows(_ entries: [JournalEntry], contract: ContractSpec = .linear(size: 1)) throws -> (rows: [MarkRow], unexpressed: Int) {
        let folder = ScratchFolder()
        let writer = try JournalWriter(folder: folder.path)
        writer.add(.start(JournalStart(settings: "", runId: "r", isPaper: false, reorderNs: 0, latencyLimitNs: 0)))
        for entry in entries { writer.add(entry) }
        writer.flush()
        var marks = try JournalMarks(folder.path, asset: 0, spec: AssetSpec(symbol: "T", tickSize: 0.5, lotSize: 1, contract: contract))
        var rows: [MarkRow] = []
        while let row = try marks.next() { rows.append(row) }
        return (rows, marks.unexpressed)
    }

    private func execution(_ side: Side, _ quantity: Double, tick: Int64, asset: Int = 0, at ns: Int64) -> JournalEntry {
        var order = Order(orderId: 1, side: side, priceTick: tick, quantity: quantity)
        (order.executionId, order.executedPriceTick, order.executedQuantity, order.status) = (1, tick, quantity, .filled)
        return .answer(asset: asset, order: order, fee: nil, localNs: ns)
    }

    @Test func rowsOfAPaperRunComeAsTheyWere() throws {
        let wanted = [MarkRow(localNs: 1, markPrice: 100), MarkRow(localNs: 2, markPrice: 101, fundingRate: 0.0001)]
        let found = try rows([
            .markPrice(asset: 0, row: wanted[0]), .markPrice(asset: 1, row: MarkRow(localNs: 1, markPrice: 7)), .markPrice(asset: 0, row: wanted[1]),
        ])
        #expect(found.rows.map(\.localNs) == [1, 2] && found.rows.map(\.markPrice) == [100, 101])
        #expect(found.rows[0].fundingRate.isNaN && found.rows[1].fundingRate == 0.0001)
    }

    /// The account of a run that is charged by these rows is charged what the venue charged.
    @Test(arguments: [ContractSpec.linear(size: 1), .inverse(size: 100)])
    func whatTheVenueChargedBecomesARate(_ contract: ContractSpec) throws {
        let found = try rows(
            [
                execution(.buy, 3, tick: 200, at: 1), execution(.buy, 9, tick: 999, asset: 1, at: 1),
                .markPrice(asset: 0, row: MarkRow(localNs: 2, markPrice: 110)),
                execution(.sell, 1, tick: 210, at: 3), .funding(asset: 0, amount: 0.25, localNs: 4), .funding(asset: 1, amount: 7, localNs: 4),
                .correction(asset: 0, position: -4, balance: 0, localNs: 5), .funding(asset: 0, amount: -0.5, localNs: 6),
                .correction(asset: 0, position: 0, balance: 0, localNs: 7), .funding(asset: 0, amount: 1, localNs: 8),
            ], contract: contract)
        #expect(found.rows.map(\.localNs) == [2, 4, 6] && found.unexpressed == 1)
        let paid = zip(found.rows.dropFirst(), [2.0, -4.0]).map { contract.value(of: $1, at: $0.markPrice) * $0.fundingRate }
        #expect(zip(paid, [0.25, -0.5]).allSatisfy { abs($0 - $1) < 1e-15 })
    }

    @Test func withoutAMarkPriceTheLastExecutionsCounts() throws {
        let found = try rows([execution(.buy, 2, tick: 200, at: 1), .funding(asset: 0, amount: 1, localNs: 2)])
        #expect(found.rows == [MarkRow(localNs: 2, markPrice: 100, fundingRate: 0.005)])
    }
}
