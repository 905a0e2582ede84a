import Testing

@testable import HBTLive

@Suite struct FundingWatchTests {
    @Test func fundingIsPaidAtTheRateAndPriceThatStoodLast() {
        var watch = FundingWatch()
        #expect(watch.paid(price: 100, rate: 0.0001, nextFundingMs: 8_000) == nil)
        #expect(watch.paid(price: 101, rate: 0.0002, nextFundingMs: 8_000) == nil)
        let paid = watch.paid(price: 102, rate: 0.0003, nextFundingMs: 16_000)
        #expect(paid?.price == 101 && paid?.rate == 0.0002)
        #expect(watch.paid(price: 103, rate: 0.0003, nextFundingMs: 16_000) == nil)
    }

    @Test func aContractWithoutFundingPaysNone() {
        var watch = FundingWatch()
        #expect(watch.paid(price: 100, rate: 0, nextFundingMs: 0) == nil)
        #expect(watch.paid(price: 100, rate: 0, nextFundingMs: 0) == nil)
        // And one of which a message says so no more than once.
        #expect(watch.paid(price: 100, rate: 0.1, nextFundingMs: 5) == nil)
        #expect(watch.paid(price: 100, rate: 0, nextFundingMs: 0) == nil)
        #expect(watch.paid(price: 100, rate: 0.1, nextFundingMs: 9) == nil)
    }
}
