import Testing
import HBTConfig

@Test func moduleLoads() { #expect(Bool(true)) }
