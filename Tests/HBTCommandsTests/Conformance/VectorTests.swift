import Foundation
import HBTEngine
import Testing

@testable import HBTCommands

/// Every answer of HftBacktest 2.4.4 that we keep, run as `hbt conformance` runs it.
@Suite struct VectorTests {
    /// What this version cannot run, by the start of the vector's name; it must say so, not pass.
    static let unavailable = ["l3_", "conv_", "fuse_"]
    static let onRealData = "real_"

    static let runnable = VectorFolder.files(VectorFolder.reference).filter { file in
        let name = (file as NSString).lastPathComponent
        return !(unavailable + [onRealData, "index"]).contains { name.hasPrefix($0) }
    }

    @Test func theVectorsAreThere() {
        #expect(Self.runnable.count == 82)
        #expect(VectorFolder.files(VectorFolder.fuzz).count >= 100)
    }

    @Test(arguments: runnable)
    func agreesWithTheReference(file: String) throws {
        let result = try #require(ConformanceRunner().run(file: file))
        #expect(result.outcome == .passed, "\(result.line)")
    }

    @Test(arguments: VectorFolder.files(VectorFolder.fuzz))
    func agreesOnRandomMarkets(file: String) throws {
        let result = try #require(ConformanceRunner().run(file: file))
        #expect(result.outcome == .passed, "\(result.line)")
    }

    /// The same answers from tapes, wherever the rows fit one.
    @Test(arguments: runnable + VectorFolder.files(VectorFolder.fuzz))
    func agreesFromTapes(file: String) throws {
        let result = try #require(ConformanceRunner(replay: .full).run(file: file))
        #expect(result.outcome == .passed, "\(result.line)")
    }

    /// Enough vectors fit for the test above to say something; the others have sizes off the lot grid on
    /// purpose, or clocks that go back.
    @Test func manyVectorsAreReplayedFromTapes() throws {
        var taped = 0, all = 0
        for file in Self.runnable + VectorFolder.files(VectorFolder.fuzz) {
            let value = try VectorScanner.parse([UInt8](try #require(FileManager.default.contents(atPath: file))))
            guard case .object = value, try VectorPlace(value).string("kind") == "backtest" else { continue }
            all += 1
            if try BacktestVector(VectorPlace(value)).tapedAssets() != nil { taped += 1 }
        }
        #expect(all > 150 && taped >= 90, "\(taped) of \(all)")
    }

    /// Needs the public sample file of `../shared/data`.
    @Test(.enabled(if: VectorFolder.sharedData != nil), arguments: [ReplayMode.rows, .full])
    func agreesOnTheSampleFile(replay: ReplayMode) throws {
        let files = VectorFolder.files(VectorFolder.reference).filter { ($0 as NSString).lastPathComponent.hasPrefix(Self.onRealData) }
        var lines: [String] = []
        let summary = ConformanceRunner(dataDirectory: VectorFolder.sharedData, replay: replay).run(files) { lines.append($0.line) }
        #expect(summary.line == "10 passed, 0 failed", "\(lines)")
    }

    @Test func namesWhatItCannotRun() {
        var skipped: [String] = []
        let summary = ConformanceRunner().run([VectorFolder.reference.path]) { result in
            if case .skipped = result.outcome { skipped.append(result.name) }
        }
        #expect(summary.skipped == 26)
        #expect(skipped.allSatisfy { name in (Self.unavailable + [Self.onRealData]).contains { name.hasPrefix($0) } })
        #expect(summary.line == "82 passed, 0 failed, 26 skipped")
        #expect(summary.exitCode == 0)
    }
}
