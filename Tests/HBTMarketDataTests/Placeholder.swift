import Testing
import HBTMarketData

@Test func moduleLoads() { #expect(Bool(true)) }
