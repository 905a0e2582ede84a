import Foundation
import HBTEngine
import HBTTypes
import Testing

@testable import HBTCommands

@Suite struct InterruptTests {
    /// Asks the run to end at its hundredth step, as Ctrl-C would.
    private final class Stopping: Strategy {
        static let typeName = "stopping"
        nonisolated(unsafe) static var interrupt = Interrupt()
        let wake = StrategyWake.every(ns: 10_000_000)
        private var steps = 0

        init(settings: SettingsTable, assets: [AssetSpec]) throws(SettingsError) {}

        func step(_ market: StrategyContext, reason: WakeReason) {
            steps += 1
            if steps == 100 { _ = Self.interrupt.request() }
        }
        func encode(into out: inout StateWriter) {}
        func restore(from input: inout StateReader) throws(StateError) {}
    }

    @Test func ctrlCKeepsTheRunSoFar() throws {
        let scratch = try Scratch()
        try scratch.market(seconds: 10)
        let settings = try scratch.write("""
            [[asset]]
            symbol = "TEST"
            data = ["market.npz"]
            tick_size = 0.1
            lot_size = 0.001
            latency = { kind = "constant", entry = "10ms", response = "10ms" }
            queue = { kind = "log_prob2" }
            exchange = "partial_fill"
            fee = { kind = "trading_value", maker = 0.0, taker = 0.0 }
            [strategy]
            type = "stopping"
            """, to: "run.toml")
        let interrupt = Interrupt()
        Stopping.interrupt = interrupt
        let call = Invocation.run(
            ["backtest", settings, "--out", scratch.file("run")], strategies: [Stopping.self], interrupt: interrupt)
        #expect(call.status == 130)
        #expect(call.error == "hbt: interrupted after 256 steps; \(scratch.file("run")) holds the run so far\n")
        let manifest = try JSONDecoder().decode(Manifest.self, from: Data(scratch.bytes("run/manifest.json")))
        #expect(manifest.interrupted && manifest.counts.steps == 256 && manifest.counts.records == 256)
        // A run that was cut short verifies as such.
        #expect(Invocation.run(["verify", scratch.file("run")], strategies: [Stopping.self]).status == 0)
    }

    @Test func aSecondRequestIsRefusedSoThatItAborts() {
        let interrupt = Interrupt()
        #expect(!interrupt.request())
        interrupt.endingCleanly {
            #expect(interrupt.request())
            #expect(interrupt.isRequested)
            #expect(!interrupt.request())
        }
        #expect(!interrupt.request())
    }

    /// The signal itself, on the built program; skipped when only the tests were built.
    @Test(.enabled(if: Invocation.product != nil)) func theSignalIsCaught() throws {
        let product = try #require(Invocation.product)
        let scratch = try Scratch()
        // So much to write that it is surely still at work.
        let process = try Invocation.spawn(
            product, ["generate", "-o", "out.npz", "--duration", "10000h"], in: scratch.path)
        // The unfinished file shows that it has begun.
        while try scratch.names().isEmpty && process.isRunning { usleep(10_000) }
        kill(process.processIdentifier, SIGINT)
        let call = Invocation.end(process)
        #expect(call.status == 130)
        #expect(try scratch.names() == [])
    }
}
