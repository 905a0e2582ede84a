/// Bytes of known total length read front to back: a file, or a member of an archive.
protocol ByteStream: AnyObject {
    var path: String { get }
    /// The member of `path` the bytes are in; nil for the file itself.
    var member: String? { get }
    /// Length by the file system or the archive's directory; `finish` proves it.
    var totalBytes: Int64 { get }
    /// Fills `buffer`; fewer bytes mean the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(MarketDataError) -> Int
    /// Called after the last byte: checks lengths and checksums.
    func finish() throws(MarketDataError)
}

extension ByteStream {
    func error(row: Int? = nil, _ reason: MarketDataError.Reason) -> MarketDataError {
        MarketDataError(path: path, member: member, row: row, reason)
    }
}

/// A whole file as a stream.
final class FileByteStream: ByteStream {
    private let file: InputFile
    private var position: Int64 = 0

    init(path: String) throws(MarketDataError) { file = try InputFile(path: path) }

    var path: String { file.path }
    var member: String? { nil }
    var totalBytes: Int64 { file.size }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(MarketDataError) -> Int {
        let got = try file.read(at: position, into: buffer)
        position += Int64(got)
        return got
    }

    func finish() throws(MarketDataError) {}
}
