import Testing
import HBTTypes

@Test func moduleLoads() { #expect(Bool(true)) }
