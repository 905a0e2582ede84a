import HBTEngine
import HBTTypes
import Testing
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

@testable import HBTLive

struct JournalFileTests {
    private func row(_ ns: Int64) -> MarketEvent {
        MarketEvent(ev: 1, exchangeNs: ns - 5, localNs: ns, price: 10.5, quantity: .nan, orderId: 3, ival: -1, fval: 2)
    }

    private var samples: [JournalEntry] {
        var order = Order(orderId: 77, side: .sell, timeInForce: .gtx, priceTick: -3, quantity: 0.25, localNs: 12)
        order.status = .partiallyFilled
        order.executionId = 9
        return [
            .start(JournalStart(settings: "name = \"α\"", runId: "r1", isPaper: true, reorderNs: 5, latencyLimitNs: 6, state: [1, 2, 3])),
            .answer(asset: 1, order: order, fee: nil, localNs: 30), .answer(asset: 0, order: order, fee: -0.5, localNs: 31),
            .correction(asset: 0, position: -1.5, balance: 1e9, localNs: 32), .clock(localNs: 33), .request(.modify, asset: 2, order: order),
            .mark(JournalMark(steps: 5, nowNs: 40, digest: .max)), .raw(stream: 2, localNs: 41, bytes: Array("{\"e\":1}".utf8)),
            .note(localNs: 42, text: "gap"), .end(localNs: 43),
        ]
    }

    private func readAll(_ path: String) throws -> ([JournalEntry], JournalTail?) {
        let reader = try JournalReader(path)
        var entries: [JournalEntry] = []
        while let entry = try reader.next() { entries.append(entry) }
        return (entries, reader.tail)
    }

    @Test func whatIsWrittenIsRead() throws {
        let folder = ScratchFolder()
        let writer = try JournalWriter(folder: folder.path)
        for entry in samples { writer.add(entry) }
        let rows = (1...100).map { row($0) }
        rows.withUnsafeBufferPointer { writer.add(rows: $0, asset: 4) }
        #expect(writer.synchronise())
        let (entries, tail) = try readAll(folder.path)
        #expect(Array(entries.dropLast()) == samples)
        guard case .rows(let asset, let found)? = entries.last else { return #expect(entries.last == nil) }
        #expect(asset == 4 && "\(found)" == "\(rows)")
        #expect(tail == .whole)
    }

    /// Cut anywhere, a journal gives the entries before the cut and says what is lost.
    @Test func aTornTailIsLeftOutAndSaid() throws {
        let folder = ScratchFolder()
        let writer = try JournalWriter(folder: folder.path)
        var whole: [Int64] = []
        for i in 0..<20 {
            writer.add(.clock(localNs: Int64(i)))
            writer.flush()
            whole.append(writer.writtenBytes)
        }
        let bytes = folder.bytes("000001.hbtj")
        #expect(Int64(bytes.count) == writer.writtenBytes)
        for cut in JournalFormat.headBytes..<bytes.count {
            folder.write(Array(bytes[..<cut]), "000001.hbtj")
            let (entries, tail) = try readAll(folder.path)
            #expect(entries.count == whole.count { $0 <= Int64(cut) })
            if whole.contains(Int64(cut)) || cut == JournalFormat.headBytes {
                #expect(tail == .unfinished)
            } else {
                guard case .torn(_, let offset, let lost)? = tail else { return #expect(tail == .whole) }
                #expect(offset + lost == Int64(cut))
            }
        }
        // A flipped bit in the middle is damage, not a tail.
        var damaged = bytes
        damaged[Int(whole[3]) + 14] ^= 1
        folder.write(damaged, "000001.hbtj")
        #expect(throws: JournalError.self) { try readAll(folder.path) }
    }

    @Test func filesFollowEachOtherBySizeAndDay() throws {
        let folder = ScratchFolder()
        let writer = try JournalWriter(folder: folder.path, mostFileBytes: 300)
        for i in 0..<30 {
            writer.add(.note(localNs: Int64(i), text: String(repeating: "\(i)", count: 20)))
            writer.flush()
        }
        let filesOfOneDay = folder.files.count
        #expect(filesOfOneDay > 3)
        #expect(folder.files.allSatisfy { folder.bytes($0).count <= 300 })
        writer.add(.clock(localNs: 86_400_000_000_000))
        writer.flush()
        #expect(folder.files.count == filesOfOneDay + 1)
        #expect(try readAll(folder.path).0.count == 31)
        #expect(throws: JournalError.self, "never over an older journal") { try JournalWriter(folder: folder.path) }
        unlink("\(folder.path)/000002.hbtj")
        #expect(throws: JournalError.self) { try readAll(folder.path) }
    }

    @Test func aFullDiskIsSaidAndNothingMoreIsWritten() throws {
        let folder = ScratchFolder()
        nonisolated(unsafe) var room = 200
        let writer = try JournalWriter(folder: folder.path) { descriptor, bytes, count in
            guard room >= count else {
                errno = ENOSPC
                return -1
            }
            room -= count
            return writeBytes(descriptor, bytes, count)
        }
        var isWhole = true
        for i in 0..<50 where isWhole {
            writer.add(.clock(localNs: Int64(i)))
            isWhole = writer.flush()
        }
        #expect(!isWhole)
        #expect(writer.failure?.description.contains("No space left") == true)
        let bytes = writer.writtenBytes
        writer.add(.clock(localNs: 99))
        #expect(!writer.flush())
        #expect(writer.writtenBytes == bytes)
        #expect(try readAll(folder.path).0.count > 1)
    }

    /// Damage of any kind is an error or a shorter journal, never a crash.
    @Test func damagedBytesNeverCrash() throws {
        let folder = ScratchFolder()
        let writer = try JournalWriter(folder: folder.path)
        for entry in samples { writer.add(entry) }
        writer.flush()
        let bytes = folder.bytes("000001.hbtj")
        for i in bytes.indices {
            var damaged = bytes
            damaged[i] ^= UInt8(1 << (i % 8))
            folder.write(damaged, "000001.hbtj")
            let entries = try? readAll(folder.path).0
            #expect(entries?.isEmpty ?? true, "one frame: with any bit changed there is nothing in it (byte \(i))")
        }
    }
}
