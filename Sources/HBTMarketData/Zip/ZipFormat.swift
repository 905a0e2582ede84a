/// Signatures and sizes of the zip format.
///
/// Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3.
enum ZipFormat {
    static let localHeader: UInt32 = 0x0403_4b50
    static let localHeaderBytes = 30
    static let directoryEntry: UInt32 = 0x0201_4b50
    static let directoryEntryBytes = 46
    static let end: UInt32 = 0x0605_4b50
    static let endBytes = 22
    static let end64: UInt32 = 0x0606_4b50
    static let end64Bytes = 56
    static let end64Locator: UInt32 = 0x0706_4b50
    static let end64LocatorBytes = 20
    static let zip64Extra: UInt16 = 1
    static let max32: UInt64 = 0xffff_ffff
    static let max16: UInt64 = 0xffff
    /// First version that knows zip64.
    static let version: UInt16 = 45
    /// 1980-01-01, the earliest there is: equal content gives equal bytes, and numpy does the same.
    static let date: UInt16 = 1 << 5 | 1
    static let time: UInt16 = 0
}
