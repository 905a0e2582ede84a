import HBTTypes
import Testing

@testable import HBTMarketData

@Test(arguments: 1...8)
func prefetchingGivesTheRowsOfItsSource(seed: Int) throws {
    let folder = try ScratchFolder()
    var random = FormatRandom(seed: UInt64(seed))
    let parts = (0..<3).map { someEvents(Int.random(in: 0...20_000, using: &random), seed: UInt64($0)) }
    var paths: [String] = []
    for (index, rows) in parts.enumerated() {
        let writer = try EventFileWriter(path: folder("\(index).npz"), level: 1)
        try writer.append(rows)
        try writer.finish()
        paths.append(folder("\(index).npz"))
    }
    let source = PrefetchingEventSource(
        ChainedEventSource(paths), slots: Int.random(in: 2...4, using: &random),
        rowsPerSlot: Int.random(in: 1...5_000, using: &random))
    #expect(source.rowsTotal == Int64(parts.map(\.count).reduce(0, +)))
    #expect(sameBytes(try drain(source) { Int.random(in: 1...6_000, using: &random) }, parts.flatMap { $0 }))
    #expect(try drain(source).isEmpty)
}

/// Rows without end, or up to an error.
private final class EndlessSource: EventFileSource {
    struct Broken: Error {}
    var rowsTotal: Int64? { nil }
    var warnings: [String] { given > 0 ? ["read"] : [] }
    private let rowsBeforeError: Int?
    private var given = 0
    init(rowsBeforeError: Int? = nil) { self.rowsBeforeError = rowsBeforeError }

    func read(into buffer: UnsafeMutableBufferPointer<MarketEvent>) throws -> Int {
        if given == rowsBeforeError { throw Broken() }
        let count = min(buffer.count, (rowsBeforeError ?? .max) - given)
        for index in 0..<count {
            buffer[index] = MarketEvent(ev: 1, exchangeNs: Int64(given + index), localNs: 0, price: 0, quantity: 0)
        }
        given += count
        return count
    }
}

@Test func anErrorComesAfterTheRowsBeforeIt() throws {
    let source = PrefetchingEventSource(EndlessSource(rowsBeforeError: 1000), slots: 2, rowsPerSlot: 64)
    let buffer = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 100)
    defer { buffer.deallocate() }
    var rows: [Int64] = []
    var isBroken = false
    while !isBroken {
        do {
            let count = try source.read(into: buffer)
            try #require(count > 0, "the end came instead of the error")
            rows += buffer[0..<count].map(\.exchangeNs)
        } catch is EndlessSource.Broken { isBroken = true }
    }
    #expect(rows == Array(0..<1000))
    #expect(source.warnings == ["read"], "also those that came up while reading")
    #expect(throws: EndlessSource.Broken.self) { try source.read(into: buffer) }
}

@Test func lettingGoStopsTheThread() throws {
    // Never read, partly read, and blocked on full buffers: each must return from deinit.
    for reads in 0..<20 {
        let source = PrefetchingEventSource(EndlessSource(), slots: 2, rowsPerSlot: 16)
        let buffer = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 16)
        defer { buffer.deallocate() }
        for _ in 0..<reads { #expect(try source.read(into: buffer) > 0) }
    }
}

@Test func anOpenedFileCanBeHandedOver() throws {
    let folder = try ScratchFolder()
    let writer = try EventFileWriter(path: folder("x.npz"))
    try writer.append(someEvents(100))
    try writer.finish()
    #expect(sameBytes(try drain(PrefetchingEventSource(EventFiles.open(folder("x.npz")))), someEvents(100)))
}
