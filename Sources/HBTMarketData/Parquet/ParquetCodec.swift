/// How a writer compresses pages.
public enum ParquetCodec: Equatable, Sendable {
    case uncompressed
    /// 1 (fast) to 19 (small). The bytes depend on the version of libzstd.
    case zstd(level: Int)

    /// Level 1: on prices and factors higher levels cost several times the time for a few per cent.
    public static let standard = ParquetCodec.zstd(level: 1)
}
