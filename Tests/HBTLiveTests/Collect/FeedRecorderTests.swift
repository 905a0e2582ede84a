import HBTMarketData
import Testing

@testable import HBTLive

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

private let second: Int64 = 1_000_000_000
private let noon: Int64 = 1_723_118_400 * second  // 2024-08-08 12:00 UTC

private func add(_ recorder: FeedRecorder, _ text: String, at ns: Int64, symbol: String = "BTCUSDT") {
    Array(text.utf8).withUnsafeBytes { recorder.add(symbol: symbol, localNs: ns, message: $0) }
}

func recordedLines(_ path: String) throws -> [String] {
    let reader = try GzipLineReader(path: path)
    var lines: [String] = []
    while let line = try reader.next() { lines.append(String(decoding: line, as: UTF8.self)) }
    return lines
}

/// Plays a disk that is full while `isFull`, after writing half of what it is given.
private final class FakeDisk: @unchecked Sendable {
    var isFull = false
    func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        guard isFull else { return writeBytes(descriptor, bytes, count) }
        if count > 1 { return writeBytes(descriptor, bytes, count / 2) }
        errno = ENOSPC
        return -1
    }
}

struct FeedRecorderTests {
    @Test(arguments: RecordingCodec.allCases)
    func oneFileASymbolAndDay(codec: RecordingCodec) throws {
        let folder = ScratchFolder()
        let recorder = FeedRecorder(folder: folder.path, codec: codec)
        add(recorder, #"{"a":1}"#, at: noon)
        add(recorder, "{\"b\":\n2}", at: noon + 1, symbol: "ETHUSDT")
        add(recorder, #"{"c":3}"#, at: noon + 86_400 * second)
        #expect(recorder.finish())
        #expect(folder.files == ["btcusdt_20240808\(codec.suffix)", "btcusdt_20240809\(codec.suffix)", "ethusdt_20240808\(codec.suffix)"])
        #expect(try recordedLines("\(folder.path)/btcusdt_20240808\(codec.suffix)") == [#"1723118400000000000 {"a":1}"#])
        #expect(try recordedLines("\(folder.path)/ethusdt_20240808\(codec.suffix)") == [#"1723118400000000001 {"b": 2}"#])
    }

    @Test(arguments: RecordingCodec.allCases)
    func theFileIsReadableAfterEachFlushAndARestartAppends(codec: RecordingCodec) throws {
        let folder = ScratchFolder()
        let path = "\(folder.path)/btcusdt_20240808\(codec.suffix)"
        var first: FeedRecorder? = FeedRecorder(folder: folder.path, codec: codec)
        for i in 0..<20 {
            first.map { add($0, "{\"i\":\(i)}", at: noon + Int64(i) * second) }
            first?.tick(noon + Int64(i) * second)
            // At most the last five seconds are missing, and what is there can be read: no more is needed to survive a kill.
            if i >= 5 { #expect(try recordedLines(path).count >= i - 5) }
        }
        let before = try recordedLines(path)
        first = nil
        let next = FeedRecorder(folder: folder.path, codec: codec)
        add(next, #"{"again":true}"#, at: noon + 30 * second)
        #expect(next.finish())
        #expect(try recordedLines(path) == before + [#"1723118430000000000 {"again":true}"#])
    }

    @Test(arguments: RecordingCodec.allCases)
    func aTornEndIsMovedAsideAndNothingIsLost(codec: RecordingCodec) throws {
        let folder = ScratchFolder()
        let whole = codec.pack(Array("1723118400000000000 {}\n".utf8))
        let piece = codec.pack(Array("1723118400000000001 {}\n".utf8))
        for cut in 1..<piece.count {
            folder.write(whole + piece[..<cut], "btcusdt_20240808\(codec.suffix)")
            let recorder = FeedRecorder(folder: folder.path, codec: codec)
            add(recorder, "{}", at: noon + 2)
            #expect(recorder.finish())
            #expect(recorder.takeNotes().count == 1)
            let lines = try recordedLines("\(folder.path)/btcusdt_20240808\(codec.suffix)")
            #expect(lines == ["1723118400000000000 {}", "1723118400000000002 {}"], "cut at \(cut)")
            #expect(folder.bytes("btcusdt_20240808\(codec.suffix).torn1") == Array(piece[..<cut]))
            unlink("\(folder.path)/btcusdt_20240808\(codec.suffix).torn1")
        }
    }

    @Test func anotherFilesOrAnothersRecordingIsLeftAlone() throws {
        let folder = ScratchFolder()
        folder.write(Array("my notes".utf8), "btcusdt_20240808.gz")
        let recorder = FeedRecorder(folder: folder.path)
        add(recorder, "{}", at: noon)
        #expect(!recorder.finish())
        #expect(recorder.takeNotes().first?.contains("another kind") == true)
        #expect(folder.bytes("btcusdt_20240808.gz") == Array("my notes".utf8))

        let one = FeedRecorder(folder: folder.path), two = FeedRecorder(folder: folder.path)
        add(one, "{}", at: noon, symbol: "ETHUSDT")
        #expect(one.finish())
        add(two, "{}", at: noon, symbol: "ETHUSDT")
        #expect(!two.finish())
        #expect(two.takeNotes().first?.contains("another process") == true)
    }

    @Test func aFullDiskIsSaidOnceAndSurvived() throws {
        let folder = ScratchFolder()
        let disk = FakeDisk()
        var limits = FeedRecorder.Limits()
        limits.mostWaitingBytes = 100
        let recorder = FeedRecorder(folder: folder.path, limits: limits, writeCall: disk.write)
        let path = "\(folder.path)/btcusdt_20240808.gz"
        add(recorder, "{1}", at: noon)
        recorder.tick(noon + 6 * second)
        disk.isFull = true
        for i in 0..<10 {
            add(recorder, "{\(i)}", at: noon + Int64(10 + i) * second)
            recorder.tick(noon + Int64(10 + i) * second)
        }
        #expect(try recordedLines(path).count == 1)
        #expect(recorder.takeNotes().count == 1)
        #expect(recorder.failure != nil)
        #expect(recorder.counts.droppedLines == 6)
        disk.isFull = false
        recorder.tick(noon + 60 * second)
        #expect(recorder.failure == nil)
        #expect(recorder.takeHoles() == ["BTCUSDT"])
        #expect(recorder.takeNotes().first?.contains("6 lines") == true)
        #expect(try recordedLines(path).count == 5)
        #expect(recorder.finish())
    }

    @Test(arguments: [(0, "19700101"), (59, "19700301"), (789, "19720229"), (11_016, "20000229"), (20_778, "20261121")] as [(Int64, String)])
    func datesOfDays(day: Int64, text: String) { #expect(CollectorLine.date(day: day) == text) }
}
