import HBTTypes
import Testing

@testable import HBTMarketData

private let rows = someEvents(700)
private let array = handmadeNpy(shape: "(700,)", rows: rows)
private typealias Member = HandmadeZip.Member

/// Reads the events of an archive made by hand.
private func read(_ zip: HandmadeZip, appending: [UInt8] = []) throws -> [MarketEvent] { try read(zip.bytes() + appending) }

private func read(_ bytes: [UInt8]) throws -> [MarketEvent] {
    let folder = try ScratchFolder()
    return try EventFileReader.readAll(folder.write(bytes, to: "x.npz"))
}

/// The message for an archive, without the file's name.
private func message(_ bytes: [UInt8]) -> String? {
    guard let error = failure({ try read(bytes) }) else { return nil }
    return String(error.description.dropFirst(error.path.count + 2))
}

@Test func archivesOfOtherProgramsAreRead() throws {
    let noise = Member(name: "other.npy", content: [UInt8](repeating: 3, count: 500))
    let extra: [UInt8] = [0x55, 0x54, 5, 0, 1, 1, 2, 3, 4]
    var end: [UInt8] = []
    end.append32(ZipFormat.end)
    for method in [ZipEntry.stored, ZipEntry.deflated] {
        let member = Member(content: array, method: method)
        var described = member
        described.hasDescriptor = true
        var extended = member
        (extended.localExtra, extended.centralExtra) = (extra + extra, extra)
        #expect(sameBytes(try read(HandmadeZip(members: [member])), rows))
        #expect(sameBytes(try read(HandmadeZip(members: [described])), rows), "sizes after the data")
        #expect(sameBytes(try read(HandmadeZip(members: [noise, extended, noise])), rows), "other members around, extra fields")
        #expect(sameBytes(try read(HandmadeZip(members: [member], comment: end + end + [9])), rows), "a comment that looks like an end")
    }
}

@Test func brokenArchivesSayWhatIsWrong() {
    let good = Member(content: array, method: ZipEntry.deflated)
    func changed(_ change: (inout Member) -> Void) -> [UInt8] {
        var member = good
        change(&member)
        return HandmadeZip(members: [member]).bytes()
    }
    let bytes = HandmadeZip(members: [good]).bytes()
    #expect(message(bytes) == nil)
    #expect(message(changed { $0.name = "rows.npy" }) == "no member data.npy; found rows.npy")
    #expect(message(HandmadeZip(members: []).bytes()) == "no member data.npy; the archive is empty")
    #expect(message(changed { $0.flags = 1 }) == "member data.npy: unsupported encryption; unpack it and zip it without a password")
    #expect(message(changed { $0.method = 12 })
        == "member data.npy: unsupported compression method 12; zip it again stored or deflated")
    #expect(message(changed { $0.crc = 1 })?.hasPrefix("member data.npy is damaged: CRC-32 0x00000001 expected, 0x") == true)
    #expect(message(changed { $0.junk = [1, 2, 3] }) == "member data.npy has 3 bytes after its end; copy or convert the file again")
    #expect(message(changed { $0.claimedBytes = 45_000 })
        == "member data.npy is truncated: 45,056 bytes expected, 45,000 found; copy the file again")
    #expect(message(changed { $0.claimedBytes = 45_100 }) == "member data.npy has 44 bytes after its end; copy or convert the file again")
    #expect(message(changed { $0.content += [0] }) == "member data.npy has 1 bytes after its end; copy or convert the file again")
    #expect(message(changed { $0.method = ZipEntry.stored; $0.claimedBytes = 1 })
        == "member data.npy is damaged: it is stored but has two sizes, 45056 and 1")
    #expect(message(HandmadeZip(members: [good, good]).bytes()) == "member data.npy is damaged: 2 members have this name")
    #expect(message(bytes + [UInt8](repeating: 0, count: 77)) == "the file has 77 bytes after its end; copy or convert the file again")
    #expect(message(Array(bytes.dropLast(1)))
        == "the file is damaged: the archive's directory at its end is missing or broken; copy the file again")
    #expect(message([0] + bytes) == "the file is not a zip archive; check the name or convert it first")
    #expect(message([]) == "the file is not a zip archive; check the name or convert it first")
    #expect(message(array) == "the file is not a zip archive; check the name or convert it first")
    #expect(message(changed { $0.content = [1, 2, 3] })
        == "member data.npy is damaged: it ends inside the npy header; copy or convert the file again")
}

@Test func deflateDataThatContradictsItsSizesIsAnError() {
    // The header and the directory agree on 700 rows; the data holds one row less, or more.
    for (content, expected) in [
        (Array(array.dropLast(64)), "member data.npy is truncated: 44,800 bytes expected, 44,736 found; copy the file again"),
        (array + [0], "member data.npy is damaged: it inflates to more than the 45056 bytes of the archive's directory"),
    ] {
        let member = Member(content: content, method: ZipEntry.deflated, claimedBytes: UInt32(array.count))
        #expect(message(HandmadeZip(members: [member]).bytes()) == expected)
    }
}

@Test func noRowsAreGivenOutAfterTheChecksumFailed() throws {
    let folder = try ScratchFolder()
    let path = try folder.write(HandmadeZip(members: [Member(content: array, crc: 1)]).bytes(), to: "x.npz")
    let source = try NpzEventSource(path: path)
    let buffer = UnsafeMutableBufferPointer<MarketEvent>.allocate(capacity: 350)
    defer { buffer.deallocate() }
    #expect(try source.read(into: buffer) == 350)
    for _ in 0..<2 {
        guard case .badChecksum? = failure({ try source.read(into: buffer) })?.reason else {
            Issue.record("the last rows came without a proven checksum")
            return
        }
    }
}
