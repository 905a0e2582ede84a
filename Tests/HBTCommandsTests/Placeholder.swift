import Testing
import HBTCommands

@Test func moduleLoads() { #expect(Bool(true)) }
