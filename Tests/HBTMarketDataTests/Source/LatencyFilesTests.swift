import HBTTypes
import Testing

@testable import HBTMarketData

private func write(_ rows: [LatencyRow], to path: String) throws -> String {
    let writer = try LatencyFileWriter(path: path)
    try writer.append(rows)
    try writer.finish()
    return path
}

private let rows = [(100, 110), (200, 0), (200, 215), (300, 330)].map {
    LatencyRow(requestNs: $0.0, exchangeNs: $0.1, responseNs: $0.0 + 50)
}

@Test func latencyFilesAreLoadedByNumber() throws {
    let folder = try ScratchFolder()
    let later = [LatencyRow(requestNs: 400, exchangeNs: 410, responseNs: 420)]
    let files = LatencyFiles([try write(rows, to: folder("a.npz")), try write(later, to: folder("b.npy")), folder("none.npz")])
    #expect(files.fileCount == 3)
    #expect(try files.rows(ofFile: 0) == rows, "equal request times are in order")
    #expect(try files.rows(ofFile: 1) == later)
    #expect(failure { try files.rows(ofFile: 2) }?.reason == .cannotOpen("No such file or directory"))
}

@Test func latencyRowsMustBeThereAndInOrder() throws {
    let folder = try ScratchFolder()
    #expect(failure { try LatencyFiles.readAll(write([], to: folder("a.npz"))) }?.description
        == "\(folder("a.npz")): member data.npy has no rows")
    let error = failure { try LatencyFiles.readAll(write([rows[0], rows[3], rows[1]], to: folder("b.npy"))) }
    #expect(error?.description
        == "\(folder("b.npy")): row 2: req_ts went backwards from 300 to 200; sort or convert the data again")
    let events = try EventFileWriter(path: folder("c.npz"))
    try events.finish()
    guard case .wrongDtype? = failure({ try LatencyFiles.readAll(folder("c.npz")) })?.reason else {
        Issue.record("events were read as latency")
        return
    }
    #expect(failure { try LatencyFiles.readAll(folder("d.csv")) }?.description
        == "\(folder("d.csv")): unsupported file type; latency files end in .npz or .npy")
}
