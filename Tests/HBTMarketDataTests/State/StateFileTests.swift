import Foundation
import HBTMarketData
import Testing

/// A saved state reads back as it was written; anything else is an error.
@Suite struct StateFileTests {
    private let path = FileManager.default.temporaryDirectory.path + "/hbt-state-\(UUID().uuidString).snap"

    @Test(arguments: [0, 1, 1000, 300_000])
    func roundTrip(count: Int) throws {
        defer { unlink(path) }
        var random = SeededRandom(seed: 5)
        let state = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() & 7) }
        try StateFile(description: "of a test", state: state).write(to: path)
        let back = try StateFile.read(path)
        #expect(back.description == "of a test")
        #expect(back.state == state)
    }

    @Test func anyChangedByteAndAnyLengthIsNoticed() throws {
        defer { unlink(path) }
        try StateFile(description: "{}", state: Array(0..<200)).write(to: path)
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        for i in bytes.indices {
            var changed = bytes
            changed[i] ^= 0x41
            try Data(changed).write(to: URL(fileURLWithPath: path))
            #expect(throws: MarketDataError.self, "byte \(i)") { try StateFile.read(path) }
        }
        for length in 0..<bytes.count {
            try Data(bytes[..<length]).write(to: URL(fileURLWithPath: path))
            #expect(throws: MarketDataError.self, "length \(length)") { try StateFile.read(path) }
        }
        try Data(bytes + [0]).write(to: URL(fileURLWithPath: path))
        #expect(throws: MarketDataError.self) { try StateFile.read(path) }
    }
}
