import HBTTypes
import Testing

@testable import HBTMarketData

struct NumpyMade: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var count: Int
    var first: MarketEvent
    var last: MarketEvent
}

// Counts and rows as numpy prints them. The files lie beside the repository, so these tests are
// skipped, with a line saying so, in a checkout of its own.
@Test(
    .enabled(if: SharedNpz.isPresent, "needs ../shared/data/npz"),
    arguments: [
        NumpyMade(
            testDescription: "usdm_btcusdt_20240718", count: 80_846,
            first: MarketEvent(
                ev: 3_758_096_385, exchangeNs: 1_721_347_022_504_000_000, localNs: 1_721_347_022_506_582_390, price: 1000,
                quantity: 569.567),
            last: MarketEvent(
                ev: 3_489_660_929, exchangeNs: 1_721_347_200_456_000_000, localNs: 1_721_347_200_508_101_604, price: 63960,
                quantity: 5.262)),
        NumpyMade(
            testDescription: "usdm_btcusdt_20240719", count: 337_541,
            first: MarketEvent(
                ev: 3_489_660_929, exchangeNs: 1_721_347_201_533_000_000, localNs: 1_721_347_201_588_385_696, price: 64020.4,
                quantity: 0),
            last: MarketEvent(
                ev: 3_489_660_930, exchangeNs: 1_721_347_502_282_000_000, localNs: 1_721_347_502_283_520_622, price: 63865.4,
                quantity: 0.002)),
        NumpyMade(
            testDescription: "hyperliquid_btcusd_20250126", count: 433,
            first: MarketEvent(
                ev: 2_684_354_562, exchangeNs: 1_737_918_794_873_000_000, localNs: 1_737_918_844_167_767_000, price: 105_056,
                quantity: 0.00219),
            last: MarketEvent(
                ev: 3_758_096_385, exchangeNs: 1_737_918_868_877_000_000, localNs: 1_737_918_869_246_864_000, price: 105_022,
                quantity: 0)),
    ])
func numpysFilesAreReadAndTheirArraysWrittenByteForByte(file: NumpyMade) throws {
    let path = SharedNpz.path(file.testDescription)
    let source = try EventFiles.open(path)
    #expect(source.rowsTotal == Int64(file.count))
    #expect(source.warnings.isEmpty)
    let rows = try drain(source)
    #expect(rows.count == file.count)
    #expect(rows.first == file.first)
    #expect(rows.last == file.last)

    let folder = try ScratchFolder()
    let writer = try EventFileWriter(path: folder("x.npy"))
    try writer.append(rows)
    try writer.finish()
    let member = try ZipArchive(path: path).open("data.npy")
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(member.totalBytes), alignment: 64)
    defer { buffer.deallocate() }
    #expect(try member.read(into: buffer) == buffer.count)
    let written = try bytes(of: folder("x.npy"))
    #expect(written.elementsEqual(buffer), "numpy's array and ours, header included")
}

@Test(.enabled(if: SharedNpz.isPresent, "needs ../shared/data/npz"))
func numpysLatencyFilesAreRead() throws {
    let rows = try LatencyFiles.readAll(SharedNpz.path("usdm_btcusdt_20240719_order_latency"))
    #expect(rows.count == 302)
    #expect(rows.first == LatencyRow(
        requestNs: 1_721_347_201_919_379_551, exchangeNs: 1_721_347_201_974_759_102, responseNs: 1_721_347_202_030_138_653))
    #expect(rows.last == LatencyRow(
        requestNs: 1_721_347_502_283_520_622, exchangeNs: 1_721_347_502_285_041_244, responseNs: 1_721_347_502_286_561_866))
}
