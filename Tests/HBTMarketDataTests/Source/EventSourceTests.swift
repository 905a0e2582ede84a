import HBTTypes
import Testing

@testable import HBTMarketData

private func write(_ rows: [MarketEvent], to path: String) throws -> String {
    let writer = try EventFileWriter(path: path)
    try writer.append(rows)
    try writer.finish()
    return path
}

@Test(arguments: ["x.npz", "x.npy"], [1, 2, 3] as [UInt64])
func chunkSizesDoNotChangeTheRows(name: String, seed: UInt64) throws {
    let folder = try ScratchFolder()
    let rows = someEvents(5000, seed: seed)
    let path = try write(rows, to: folder(name))
    var random = FormatRandom(seed: seed)
    #expect(sameBytes(try drain(EventFiles.open(path)) { Int.random(in: 1...700, using: &random) }, rows))
    #expect(sameBytes(try drain(EventFiles.open(path)) { 100_000 }, rows))
}

@Test func theEndStaysTheEnd() throws {
    let folder = try ScratchFolder()
    let source = try EventFiles.open(write(someEvents(10), to: folder("x.npz")))
    #expect(try drain(source).count == 10)
    #expect(try drain(source).isEmpty)
}

@Test func theSuffixDecides() throws {
    let folder = try ScratchFolder()
    for (name, message) in [
        ("x.gz", "unsupported collector file here; convert it to .npz first"),
        ("x.csv", "unsupported file type; event files end in .npz or .npy"),
        ("npz", "unsupported file type; event files end in .npz or .npy"),
        ("x.npz", "cannot be opened: No such file or directory"),
    ] { #expect(failure { try EventFiles.open(folder(name)) }?.description == "\(folder(name)): \(message)") }
    #expect(EventFiles.suffix(of: "a.b/x") == "")
    #expect(EventFiles.suffix(of: "a.b/x.tar.gz") == "gz")
}

/// Counts how many of its kind live at once.
private final class TrackedSource: EventFileSource {
    // Used by one thread.
    final class Census: @unchecked Sendable { var opened = 0, live = 0, mostLive = 0 }
    let census: Census
    var rows: [MarketEvent]
    var rowsTotal: Int64? { Int64(rows.count) }
    var warnings: [String] { ["opened \(rows.count)"] }

    init(_ rows: [MarketEvent], _ census: Census) {
        (self.rows, self.census) = (rows, census)
        census.opened += 1
        census.live += 1
        census.mostLive = max(census.mostLive, census.live)
    }

    deinit { census.live -= 1 }

    func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        let count = min(buffer.count, rows.count)
        for index in 0..<count { buffer[index] = rows[index] }
        rows.removeFirst(count)
        return count
    }
}

@Test func aChainOpensOneFileAtATimeAndNoneEarly() throws {
    let census = TrackedSource.Census()
    let parts = [someEvents(5, seed: 1), [], someEvents(7, seed: 2)]
    let chain = ChainedEventSource(["0", "1", "2"]) { path in TrackedSource(parts[Int(path) ?? 0], census) }
    #expect(census.opened == 0)
    let buffer = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 4)
    defer { buffer.deallocate() }
    #expect(try chain.read(into: buffer) == 4)
    #expect(census.opened == 1)
    #expect(sameBytes(Array(buffer) + (try drain(chain)), parts.flatMap { $0 }), "an empty file is not the end")
    #expect(census.opened == 3)
    #expect(census.mostLive == 1)
    #expect(chain.warnings == ["opened 5", "opened 0", "opened 7"])
    #expect(chain.rowsTotal == 12)
}

@Test func aMissingFileIsAnErrorWhenItsTurnComes() throws {
    let folder = try ScratchFolder()
    let chain = ChainedEventSource([try write(someEvents(10), to: folder("a.npz")), folder("b.npz")])
    let buffer = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 100)
    defer { buffer.deallocate() }
    #expect(try chain.read(into: buffer) == 10)
    for _ in 0..<2 { #expect(failure { try chain.read(into: buffer) }?.path == folder("b.npz")) }
    #expect(chain.rowsTotal == nil)
}
