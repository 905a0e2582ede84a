import HBTTypes
import Testing

@testable import HBTMarketData

/// Whichever library inflates, rows and errors are the same.
@Suite struct LibDeflateTests {
    private func outcome(_ path: String, whole: Int64) -> String {
        ZipMemberStream.$wholeBytes.withValue(whole) {
            do {
                return "\(try EventFileReader.readAll(path))"
            } catch {
                return "\(error)"
            }
        }
    }

    @Test(arguments: [1, 6, 9]) func bothLibrariesAgree(level: Int) throws {
        let folder = try ScratchFolder()
        for count in [0, 1, 40, 3_000] {
            let writer = try EventFileWriter(path: folder("x.npz"), level: level)
            try writer.append(someEvents(count))
            try writer.finish()
            let good = outcome(folder("x.npz"), whole: 1 << 20)
            #expect(good == "\(someEvents(count))")
            #expect(good == outcome(folder("x.npz"), whole: 0))
            let bytes = try bytes(of: folder("x.npz"))
            var random = FormatRandom(seed: UInt64(count))
            for _ in 0..<60 {
                var bad = bytes
                if random.next() % 3 == 0 {
                    bad = Array(bad[..<Int(random.next() % UInt64(bad.count))])
                } else {
                    bad[Int(random.next() % UInt64(bad.count))] ^= UInt8(1 << (random.next() % 8))
                }
                let path = try folder.write(bad, to: "bad.npz")
                #expect(outcome(path, whole: 1 << 20) == outcome(path, whole: 0))
            }
        }
    }

    @Test func checksumsAgree() throws {
        // Skipped where the library is not there: then zlib alone answers.
        guard let library = LibDeflate.shared else { return print("skipped: this machine has no libdeflate") }
        var random = FormatRandom(seed: 8)
        for count in [0, 1, 15, 64, 1_000, 100_000] {
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let (first, second) = (bytes[..<(count / 3)], bytes[(count / 3)...])
            let whole = bytes.withUnsafeBytes { library.crc32(0, $0) }
            let start = Array(first).withUnsafeBytes { library.crc32(0, $0) }
            #expect(Array(second).withUnsafeBytes { library.crc32(start, $0) } == whole)
            #expect(combinedCRC32(start, Array(second).withUnsafeBytes { library.crc32(0, $0) }, bytesOfSecond: UInt64(second.count)) == whole)
        }
        #expect(Array("123456789".utf8).withUnsafeBytes { library.crc32(0, $0) } == 0xCBF4_3926)
    }
}
