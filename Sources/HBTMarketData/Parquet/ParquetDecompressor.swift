import CZstd

/// Decompresses pages of any codec that is read.
final class ParquetDecompressor {
    private let zstd: OpaquePointer

    /// Larger pages are refused: a page is a megabyte or so, and a damaged size must not take the memory.
    static let largestPage = 1 << 30

    init() {
        guard let context = ZSTD_createDCtx() else { preconditionFailure("zstd cannot start: out of memory") }
        zstd = context
    }

    deinit { ZSTD_freeDCtx(zstd) }

    /// Appends the decompressed bytes, which must be `expected`, to `output`.
    func decompress(_ input: UnsafeRawBufferPointer, codec: Int32, expected: Int, to output: RawBuffer) throws(ParquetFault) {
        guard expected <= Self.largestPage else { throw .unsupported("page of more than 1 GiB; write smaller pages") }
        // A page of nulls alone has no values to compress.
        if input.isEmpty && expected == 0 { return }
        // The best that each codec can do, before memory is taken for what a size claims.
        let bestRatio: Int
        switch codec {
        case ParquetFormat.Codec.uncompressed: bestRatio = 1
        case ParquetFormat.Codec.snappy: bestRatio = 64
        case ParquetFormat.Codec.gzip: bestRatio = 1100
        case ParquetFormat.Codec.zstd: bestRatio = 1 << 17
        default:
            let names = ParquetFormat.Codec.names
            let name = names.indices.contains(Int(codec)) ? names[Int(codec)] : "number \(codec)"
            throw .unsupported("compression \(name); write with zstd, snappy, gzip or none")
        }
        guard expected / bestRatio <= input.count else { throw .corrupt("a page that says it is larger than it can be") }
        switch codec {
        case ParquetFormat.Codec.snappy: try Snappy.decompress(input, expected: expected, to: output)
        case ParquetFormat.Codec.gzip: try gunzip(input, expected: expected, to: output)
        case ParquetFormat.Codec.zstd:
            let room = output.extend(by: expected)
            let size = ZSTD_decompressDCtx(zstd, room.baseAddress, room.count, input.baseAddress, input.count)
            guard ZSTD_isError(size) == 0 else { throw .corrupt("zstd: \(String(cString: ZSTD_getErrorName(size)))") }
            guard size == expected else { throw .corrupt("a zstd page of another length") }
        default:
            guard input.count == expected else { throw .corrupt("an uncompressed page of two lengths") }
            output.append(input)
        }
    }

    private func gunzip(_ input: UnsafeRawBufferPointer, expected: Int, to output: RawBuffer) throws(ParquetFault) {
        let room = output.extend(by: expected)
        var taken = 0, made = 0
        // Writers may join several members.
        while taken < input.count {
            let inflater = Inflater(.gzip)
            // zlib wants room even to see the end of the data.
            var isDone = false
            while !isDone {
                let (consumed, produced, outcome) = inflater.inflate(
                    UnsafeRawBufferPointer(rebasing: input[taken...]), into: UnsafeMutableRawBufferPointer(rebasing: room[made...]))
                taken += consumed
                made += produced
                switch outcome {
                case .finished: isDone = true
                case .corrupt(let why): throw .corrupt("gzip: \(why)")
                case .needsMore: guard consumed > 0 || produced > 0 else { throw .corrupt("a gzip page of another length") }
                }
            }
        }
        guard made == expected else { throw .corrupt("a gzip page of another length") }
    }
}
