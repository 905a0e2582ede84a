import HBTTypes
import Testing

@testable import HBTMarketData

/// Reads one event file of the given bytes.
private func read(_ bytes: [UInt8], as name: String = "x.npy") throws -> (rows: [MarketEvent], warnings: [String]) {
    let folder = try ScratchFolder()
    let source = try EventFiles.open(folder.write(bytes, to: name))
    return (try drain(source), source.warnings)
}

@Test func headersAreNumpysByteForByte() {
    // numpy 2.3: numpy.save(f, numpy.zeros(3, event_dtype))
    let text =
        "{'descr': [('ev', '<u8'), ('exch_ts', '<i8'), ('local_ts', '<i8'), ('px', '<f8'), ('qty', '<f8'), "
        + "('order_id', '<u8'), ('ival', '<i8'), ('fval', '<f8')], 'fortran_order': False, 'shape': (3,), }"
    let expected = [0x93] + [UInt8]("NUMPY".utf8) + [1, 0, 0xf6, 0] + [UInt8](text.utf8)
        + [UInt8](repeating: 0x20, count: 245 - text.utf8.count) + [0x0a]
    #expect(NpyHeader.bytes(for: MarketEvent.self, rows: 3) == expected)
}

@Test(arguments: [0, 9, 10, 999_999_999_999, Int64.max])
func headerLengthDoesNotDependOnTheNumberOfRows(rows: Int64) {
    #expect(NpyHeader.bytes(for: MarketEvent.self, rows: rows).count == 256)
    #expect(NpyHeader.bytes(for: LatencyRow.self, rows: rows).count == NpyHeader.bytes(for: LatencyRow.self, rows: 0).count)
    #expect(NpyHeader.bytes(for: RecordRow.self, rows: rows).count % 64 == 0)
}

@Test func rowsHaveTheBytesOfTheirFields() {
    #expect(MarketEvent.rowBytes == MarketEvent.npyFields.count * 8)
    #expect(LatencyRow.rowBytes == LatencyRow.npyFields.count * 8)
    #expect(RecordRow.rowBytes == RecordRow.npyFields.count * 8)
}

@Test(arguments: [1, 2, 3] as [UInt8])
func versionsOneToThreeAreRead(version: UInt8) throws {
    let rows = someEvents(5)
    let got = try read(handmadeNpy(shape: "(5,)", version: version, rows: rows))
    #expect(sameBytes(got.rows, rows))
    #expect(got.warnings.isEmpty)
}

@Test func theDictionaryFormIsReadWhenTheLayoutIsTheSame() throws {
    let names = "'names': ['ev', 'exch_ts', 'local_ts', 'px', 'qty', 'order_id', 'ival', 'fval']"
    let formats = "'formats': ['<u8', '<i8', '<i8', '<f8', '<f8', '<u8', '<i8', '<f8']"
    let rows = someEvents(2)
    for layout in ["'offsets': [0, 8, 16, 24, 32, 40, 48, 56], 'itemsize': 64, 'aligned': True", "'aligned': True"] {
        let bytes = handmadeNpy(descr: "{\(names), \(formats), \(layout)}", shape: "(2,)", rows: rows)
        #expect(sameBytes(try read(bytes).rows, rows))
    }
    for layout in ["'offsets': [8, 0, 16, 24, 32, 40, 48, 56], 'itemsize': 64", "'offsets': [0, 8, 16, 24, 32, 40, 48, 56], 'itemsize': 128"] {
        let bytes = handmadeNpy(descr: "{\(names), \(formats), \(layout)}", shape: "(2,)", rows: rows)
        guard case .wrongDtype? = failure({ try read(bytes) })?.reason else {
            Issue.record("rows laid out otherwise were read")
            continue
        }
    }
}

@Test func otherColumnNamesOnlyWarn() throws {
    let rows = someEvents(2)
    let descr = NpyHeader.eventDescr.replacing("'px'", with: "'price'")
    let got = try read(handmadeNpy(descr: descr, shape: "(2,)", rows: rows))
    #expect(sameBytes(got.rows, rows))
    #expect(got.warnings.count == 1)
    #expect(got.warnings.first?.contains("price") == true)
}

struct BadHeader: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]
    var message: String
    init(_ name: String, _ bytes: [UInt8], _ message: String) { (testDescription, self.bytes, self.message) = (name, bytes, message) }
}

private let event = "ev <u8, exch_ts <i8, local_ts <i8, px <f8, qty <f8, order_id <u8, ival <i8, fval <f8"

@Test(arguments: [
    BadHeader("other type", handmadeNpy(descr: NpyHeader.eventDescr.replacing("'px', '<f8'", with: "'px', '<f4'"), shape: "(0,)"),
        "the file holds ev <u8, exch_ts <i8, local_ts <i8, px <f4, qty <f8, order_id <u8, ival <i8, fval <f8, expected \(event)"),
    BadHeader("big endian", handmadeNpy(descr: NpyHeader.eventDescr.replacing("'ev', '<u8'", with: "'ev', '>u8'"), shape: "(0,)"),
        "the file holds ev >u8, exch_ts <i8, local_ts <i8, px <f8, qty <f8, order_id <u8, ival <i8, fval <f8, expected \(event)"),
    BadHeader("one column", handmadeNpy(descr: "'<i8'", shape: "(3, 8)"), "the file holds <i8, expected \(event)"),
    BadHeader("padding", handmadeNpy(descr: "[('ev', '<u8'), ('', '|V8')]", shape: "(3,)"),
        "the file holds ev <u8, |V8, expected \(event)"),
    BadHeader("subarray", handmadeNpy(descr: "[('a', '<i8', (8,))]", shape: "(3,)"), "the file holds a <i8(8), expected \(event)"),
    BadHeader("two dimensions", handmadeNpy(shape: "(3, 4)"), "the file has shape (3, 4), expected one dimension; save a flat array"),
    BadHeader("no dimension", handmadeNpy(shape: "()"), "the file has shape (), expected one dimension; save a flat array"),
    BadHeader("Fortran order", handmadeNpy(fortran: true, shape: "(0,)"),
        "unsupported Fortran order; save it again from numpy.ascontiguousarray"),
    BadHeader("negative length", handmadeNpy(shape: "(-1,)"),
        "the file is damaged: the shape in its npy header is not made of lengths"),
    BadHeader("more rows than bytes can be", handmadeNpy(shape: "(999999999999999999,)"),
        "the file is damaged: its npy header claims 999999999999999999 rows"),
    BadHeader("no dictionary", handmadeNpy(shape: "(0,)").map { $0 == 0x7b ? 0x5b : $0 },
        "the file is damaged: its npy header does not parse; copy or convert the file again"),
    BadHeader("version 4", handmadeNpy(shape: "(0,)", version: 4), "unsupported npy version 4.0; save it again with a current numpy"),
    BadHeader("another format", [UInt8]("timestamp,price,qty\n".utf8), "the file is not a npy array; check the name or convert it first"),
    BadHeader("empty", [], "the file is damaged: it ends inside the npy header; copy or convert the file again"),
    BadHeader("cut header", Array(handmadeNpy(shape: "(0,)")[0..<100]),
        "the file is damaged: it ends inside the npy header; copy or convert the file again"),
    BadHeader("cut rows", Array(handmadeNpy(shape: "(1000,)", rows: someEvents(1000)).dropLast(1)),
        "the file is truncated: 64,256 bytes expected, 64,255 found; copy the file again"),
    BadHeader("more rows", handmadeNpy(shape: "(1,)", rows: someEvents(2)),
        "the file has 64 bytes after its end; copy or convert the file again"),
    BadHeader("huge header", NpyHeader.magic + [2, 0, 0xff, 0xff, 0xff, 0xff],
        "the file is damaged: its npy header claims 4294967295 bytes; copy or convert the file again"),
])
func brokenArraysSayWhatIsWrong(header: BadHeader) throws {
    let error = try #require(failure { try read(header.bytes) })
    #expect(error.description == "\(error.path): \(header.message)")
    #expect(error.path.hasSuffix("x.npy"))
}
