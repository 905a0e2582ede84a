/// A member as the archive's directory describes it.
struct ZipEntry: Equatable {
    var name: String
    var flags: UInt16
    var method: UInt16
    var crc: UInt32
    var compressedBytes: Int64
    var bytes: Int64
    var headerOffset: Int64

    static let stored: UInt16 = 0
    static let deflated: UInt16 = 8

    var isEncrypted: Bool { flags & 0x0041 != 0 }
}
