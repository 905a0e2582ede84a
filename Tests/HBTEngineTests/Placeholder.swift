import Testing
import HBTEngine

@Test func moduleLoads() { #expect(Bool(true)) }
