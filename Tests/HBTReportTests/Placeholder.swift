import Testing
import HBTReport

@Test func moduleLoads() { #expect(Bool(true)) }
