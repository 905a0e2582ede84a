import Foundation
import Testing

@testable import HBTMarketData

@Test func aFullDiskIsSaidAndLeavesNothing() throws {
    let folder = try ScratchFolder()
    // Room for one block of 256 KiB.
    nonisolated(unsafe) var room = 300_000
    let output = try OutputFile(path: folder("x.npz")) { descriptor, bytes, count in
        guard room > 0 else {
            errno = ENOSPC
            return -1
        }
        let wrote = write(descriptor, bytes, min(count, room))
        room -= wrote
        return wrote
    }
    let zip = ZipWriter(output: output)
    try zip.beginMember("data.npy", level: 0)
    let error = failure { try [UInt8](repeating: 7, count: 1_000_000).withUnsafeBytes { try zip.append($0) } }
    #expect(error?.description == "\(folder("x.npz")): cannot be written: No space left on device")
    #expect(try folder.names().isEmpty, "removed at once, not when the writer goes")
}

@Test func twoWritersOfOneNameDoNotMeet() throws {
    let folder = try ScratchFolder()
    let first = try OutputFile(path: folder("x"))
    let second = try OutputFile(path: folder("x"))
    try first.append([1])
    try second.append([2, 2])
    try second.commit()
    try first.commit()
    #expect(try bytes(of: folder("x")) == [1])
    #expect(try folder.names() == ["x"])
}

@Test func aFolderIsNotAFile() throws {
    let folder = try ScratchFolder()
    #expect(failure { try InputFile(path: folder.path) }?.reason == .cannotOpen("it is a directory"))
    #expect(failure { try InputFile(path: folder("none")) }?.reason == .cannotOpen("No such file or directory"))
}
