import HBTBinance
import HBTTypes
import Testing

@testable import HBTPaperExchange

@Suite struct FundingTests {
    /// Every ten seconds a thousandth of the position's value, at the middle of 50,000.0 and 50,000.1.
    private func client(_ market: VenueMarket = .usdMargined) throws -> PaperClient {
        var settings = PaperSettings(
            books: [.init(rules: try PaperClient.rules(market), rows: ArrayEventSource([]), snapshot: PaperClient.book)],
            accounts: [.init(apiKey: "key", secret: "secret")],
            funds: [.init(asset: "USDT", amount: try PaperClient.decimal("100000")), .init(asset: "BTC", amount: try PaperClient.decimal("2"))],
            clock: ReplayClock(dataStartNs: 0, venueStartNs: PaperClient.startNs))
        settings.funding = .init(rate: try PaperClient.decimal("0.001"), everyMs: 10_000)
        return PaperClient(exchange: try PaperExchange(settings), market: market)
    }

    @Test func longsPayAndAreTold() throws {
        let client = try client(), stream = try client.userStream()
        _ = try client.place(.buy, nil, "0.100")
        let before = client.exchange.accounts[0].wallets[PaperExchange.index(.usdMargined)]["USDT"].free
        _ = try client.messages(stream)
        client.wait(toMs: 10_000)
        let paid = try PaperClient.decimal("5.000005")
        #expect(client.exchange.accounts[0].wallets[PaperExchange.index(.usdMargined)]["USDT"].free == before - Money(paid))
        let updates = try client.messages(stream).filter { $0["e"]?.text == "ACCOUNT_UPDATE" }.map { try AccountUpdate($0) }
        #expect(updates.map(\.reason) == ["FUNDING_FEE"])
        #expect(updates.first?.balances.first?.change.double == -5.000005)
        client.wait(toMs: 21_000)
        let income = try client.json(try client.signed("GET", "income", "incomeType=FUNDING_FEE")).elements ?? []
        #expect(income.count == 2)
        #expect(try client.json(client.get("fundingRate", "symbol=BTCUSDT")).elements?.count == 2)
        #expect(try income[0].decimal("income").double == -5.000005)
        #expect(try client.json(try client.signed("GET", "income", "incomeType=TRANSFER")).elements?.isEmpty == true)
    }

    @Test func shortsArePaidAndNobodyElse() throws {
        let client = try client()
        client.wait(toMs: 10_000)
        #expect(client.exchange.fundings.isEmpty)
        _ = try client.place(.sell, nil, "0.100")
        client.wait(toMs: 20_000)
        #expect(client.exchange.fundings.map { $0.amount.double } == [5.000005])
    }

    /// A share of contracts ÷ price.
    @Test func coinsPayInTheCoin() throws {
        let client = try client(.coinMargined)
        _ = try client.place(.buy, nil, "4")
        client.wait(toMs: 10_000)
        let value = client.exchange.books[0].value(lots: 4, price: client.exchange.books[0].markPrice)
        #expect(client.exchange.fundings.map(\.amount) == [Money(-0.001 * value)])
    }
}
