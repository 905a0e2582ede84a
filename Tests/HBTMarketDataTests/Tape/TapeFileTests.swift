import Foundation
import HBTTypes
import Testing
@testable import HBTMarketData

/// A tape file gives back what was written, or an error: never other bytes.
struct TapeFileTests {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hbt-tape-\(UUID().uuidString)").path

    /// Three segments of some lines of 64 bytes.
    static func parts(seed: UInt64) -> [[[UInt8]]] {
        var random = SeededRandom(seed: seed)
        return (0..<3).map { _ in
            [64 * (1 + random.below(200)), 64 * random.below(100), 64 * random.below(50), 0].map { count in (0..<count).map { _ in UInt8(random.below(256)) } }
        }
    }

    private func write(_ parts: [[[UInt8]]], header: [UInt8], to path: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let writer = try TapeFileWriter(path: path)
        for segment in parts {
            let copies = segment.map { part in
                let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: part.count, alignment: 64)
                copy.copyBytes(from: part)
                return copy
            }
            defer { for copy in copies { copy.deallocate() } }
            try writer.append(copies.map { UnsafeRawBufferPointer($0) })
        }
        try writer.finish(header: header)
    }

    private func read(_ tape: TapeFile) throws -> [[[UInt8]]] {
        try (0..<tape.segmentCount).map { i in try TapePart.allCases.map { Array(try tape.segment(i, $0)) } }
    }

    @Test func roundTrip() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/a.tape"
        let parts = Self.parts(seed: 1), header: [UInt8] = Array(0..<77)
        try write(parts, header: header, to: path)
        let tape = try TapeFile(path: path)
        #expect(tape.header == header)
        #expect(try read(tape) == parts)
        // Memory that was given back is there again when it is asked for.
        for i in 0...3 { for part in TapePart.allCases { tape.passed(i, part) } }
        #expect(try read(tape) == parts)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.tape"])
    }

    @Test func everyChangedByteIsNoticed() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/a.tape"
        let parts = Self.parts(seed: 2)
        try write(parts, header: [1, 2, 3], to: path)
        let good = try Data(contentsOf: URL(fileURLWithPath: path))
        var random = SeededRandom(seed: 3)
        for _ in 0..<300 {
            var bad = good
            bad[random.below(good.count)] ^= UInt8(1 << random.below(8))
            try bad.write(to: URL(fileURLWithPath: path))
            // The unused zeros at the very end are the only bytes that say nothing.
            let isSilent = bad.dropLast(24) == good.dropLast(24)
            if isSilent { continue }
            #expect(throws: MarketDataError.self) { _ = try read(try TapeFile(path: path)) }
        }
        for length in [0, 1, 63, 64, good.count / 2 / 64 * 64, good.count - 64, good.count - 1] {
            try good.prefix(length).write(to: URL(fileURLWithPath: path))
            #expect(throws: MarketDataError.self) { _ = try TapeFile(path: path) }
        }
    }

    /// Many segments, with and without the second thread: the same bytes, and damage is told where it is met.
    @Test(arguments: [false, true]) func readingAheadChangesNothing(readsAhead: Bool) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/a.tape"
        let parts = (0..<20).flatMap { Self.parts(seed: $0) }
        try write(parts, header: [1], to: path)
        for _ in 0..<20 {
            let tape = try TapeFile(path: path, readsAhead: readsAhead)
            for (i, segment) in parts.enumerated() {
                for part in TapePart.allCases where part != .rows {
                    #expect(Array(try tape.segment(i, part)) == segment[part.rawValue])
                    tape.passed(i, part)
                }
            }
            for part in TapePart.allCases { tape.passed(parts.count, part) }
            // Back to the start, and parts nobody has asked for yet.
            #expect(Array(try tape.segment(7, .rows)) == parts[7][TapePart.rows.rawValue])
            #expect(Array(try tape.segment(0, .local)) == parts[0][TapePart.local.rawValue])
        }
        let segmentBytes = { (i: Int) in parts[i].reduce(0) { $0 + $1.count } }
        var bad = try Data(contentsOf: URL(fileURLWithPath: path))
        bad[(0..<30).reduce(0) { $0 + segmentBytes($1) }] ^= 4
        try bad.write(to: URL(fileURLWithPath: path))
        for _ in 0..<20 {
            let tape = try TapeFile(path: path, readsAhead: readsAhead)
            for i in 0..<30 { #expect(Array(try tape.segment(i, .exchange)) == parts[i][0]) }
            for _ in 0..<2 { #expect(throws: MarketDataError.self) { _ = try tape.segment(30, .exchange) } }
        }
    }

    @Test func checksumsSeeOrder() {
        var bytes = [UInt8](repeating: 0, count: 256)
        bytes[3] = 1
        var moved = [UInt8](repeating: 0, count: 256)
        moved[67] = 1
        let sums = [bytes, moved, [UInt8](repeating: 0, count: 256), [UInt8](repeating: 0, count: 192)].map { $0.withUnsafeBytes { TapeChecksum.of($0) } }
        #expect(Set(sums).count == 4)
    }

    @Test func anUnfinishedTapeLeavesNothing() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        do {
            let writer = try TapeFileWriter(path: folder + "/a.tape")
            try [UInt8](repeating: 7, count: 64).withUnsafeBytes { try writer.append([$0, $0, $0, $0]) }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    }

    @Test func theCacheRebuildsWhatIsDamagedAndDropsTheOldest() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let cache = TapeCache(folder: folder, capacity: 40_000)
        let names = (0..<4).map { cache.path(sourceDigest: "digest\($0)", settingsDigest: 5) }
        func make(_ path: String) throws -> TapeFile {
            try cache.make(path) { writer in
                try [UInt8](repeating: 7, count: 12_800).withUnsafeBytes {
                    try writer.append([$0] + Array(repeating: UnsafeRawBufferPointer(rebasing: $0[..<0]), count: 3))
                }
                try writer.finish(header: [])
            }
        }
        #expect(cache.open(names[0]) == nil)
        for (age, name) in names.prefix(3).enumerated() {
            _ = try make(name)
            try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1_000_000 + Double(age))], ofItemAtPath: name)
        }
        // The first becomes the newest by being used.
        #expect(cache.open(names[0]) != nil)
        _ = try make(names[3])
        #expect(names.map { FileManager.default.fileExists(atPath: $0) } == [true, false, true, true])

        try Data("no tape".utf8).write(to: URL(fileURLWithPath: names[2]))
        #expect(cache.open(names[2]) == nil)
        #expect(!FileManager.default.fileExists(atPath: names[2]))
        _ = try make(names[2])
        #expect(cache.open(names[2]) != nil)
    }

    @Test func identityChangesWithTheFile() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder + "/day.npz"
        #expect(TapeCache.fileIdentity([path]) == nil)
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path))
        let first = TapeCache.fileIdentity([path])
        #expect(first != nil && first == TapeCache.fileIdentity([path]))
        try Data([1, 2, 3, 4]).write(to: URL(fileURLWithPath: path))
        #expect(TapeCache.fileIdentity([path]) != first)
        #expect(TapeCache.fileIdentity([path, path]) != TapeCache.fileIdentity([path]))
    }
}
