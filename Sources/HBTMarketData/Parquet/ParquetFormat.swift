/// Numbers of the file format (apache/parquet-format, `parquet.thrift`, version 2.12).
enum ParquetFormat {
    static let magic: [UInt8] = Array("PAR1".utf8)
    /// A file whose footer is encrypted ends in this.
    static let encryptedMagic: [UInt8] = Array("PARE".utf8)
    static let createdBy = "hbt"

    /// How values are stored, whatever they mean.
    enum Physical: Int32 {
        case boolean = 0, int32, int64, int96, float, double, byteArray, fixedLengthByteArray
    }

    enum Repetition: Int32 {
        case required = 0, optional, repeated
    }

    enum Encoding {
        static let plain: Int32 = 0
        /// The deprecated name of `rleDictionary`; on a dictionary page, of `plain`.
        static let plainDictionary: Int32 = 2
        static let rle: Int32 = 3
        static let deltaBinaryPacked: Int32 = 5
        static let deltaLengthByteArray: Int32 = 6
        static let deltaByteArray: Int32 = 7
        static let rleDictionary: Int32 = 8
        static let byteStreamSplit: Int32 = 9
    }

    enum Codec {
        static let uncompressed: Int32 = 0
        static let snappy: Int32 = 1
        static let gzip: Int32 = 2
        static let zstd: Int32 = 6
        /// For messages; in the order of the numbers.
        static let names = ["UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"]
    }

    enum Page {
        static let data: Int32 = 0
        static let index: Int32 = 1
        static let dictionary: Int32 = 2
        static let dataV2: Int32 = 3
    }

    /// `ConvertedType`, the older way to say what values mean.
    enum Converted {
        static let utf8: Int32 = 0
        static let enumeration: Int32 = 4
        static let date: Int32 = 6
        static let timeMillis: Int32 = 7
        static let timeMicros: Int32 = 8
        static let timestampMillis: Int32 = 9
        static let timestampMicros: Int32 = 10
        static let uint8: Int32 = 11
        static let uint64: Int32 = 14
        static let int8: Int32 = 15
        static let int64: Int32 = 18
        static let json: Int32 = 19
    }

    /// Members of the union `LogicalType`.
    enum Logical {
        static let string = 1, enumeration = 4, decimal = 5, date = 6, time = 7, timestamp = 8, integer = 10, unknown = 11, json = 12
    }
}
