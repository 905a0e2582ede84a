import HBTTypes
import Testing

@testable import HBTMarketData

/// Damaged copies of a good file: an error or the same rows, never a crash, never other rows.
private let good = someEvents(40)

private func goodBytes(_ name: String, level: Int) throws -> [UInt8] {
    let folder = try ScratchFolder()
    let writer = try EventFileWriter(path: folder(name), level: level)
    try writer.append(good)
    try writer.finish()
    return try bytes(of: folder(name))
}

/// The rows, or nil for an error of ours.
private func rows(of damaged: [UInt8], in folder: ScratchFolder, _ name: String) throws -> [MarketEvent]? {
    do { return try EventFileReader.readAll(folder.write(damaged, to: name)) } catch is MarketDataError { return nil }
}

@Test(arguments: [0, 6])
func aFileCutAnywhereIsAnError(level: Int) throws {
    let folder = try ScratchFolder()
    for name in ["x.npz", "x.npy"] {
        let whole = try goodBytes(name, level: level)
        for count in 0..<whole.count {
            #expect(try rows(of: Array(whole[0..<count]), in: folder, name) == nil, "\(name) cut to \(count) bytes")
        }
    }
}

@Test(arguments: [0, 6])
func aFlippedByteOfAnArchiveIsAnErrorOrDoesNotMatter(level: Int) throws {
    let folder = try ScratchFolder()
    let whole = try goodBytes("x.npz", level: level)
    var random = FormatRandom(seed: 11)
    var errors = 0
    for place in whole.indices {
        var damaged = whole
        damaged[place] ^= UInt8.random(in: 1...255, using: &random)
        if let got = try rows(of: damaged, in: folder, "x.npz") {
            #expect(sameBytes(got, good), "byte \(place) changed the rows unnoticed")
        } else {
            errors += 1
        }
    }
    #expect(errors > whole.count / 2)
}

@Test(arguments: ["x.npz", "x.npy"])
func randomDamageNeverCrashes(name: String) throws {
    let folder = try ScratchFolder()
    let whole = try goodBytes(name, level: 6)
    var random = FormatRandom(seed: 12)
    for _ in 0..<1500 {
        var damaged = whole
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: 0..<damaged.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: damaged[place] = UInt8.random(in: 0...255, using: &random)
            case 1: damaged.remove(at: place)
            case 2: damaged.insert(UInt8.random(in: 0...255, using: &random), at: place)
            default: damaged[place] = 0xff
            }
        }
        let got = try rows(of: damaged, in: folder, name)
        // An npy file has no checksum: other rows cannot be told from damage.
        if name == "x.npz", let got { #expect(sameBytes(got, good)) }
    }
}
