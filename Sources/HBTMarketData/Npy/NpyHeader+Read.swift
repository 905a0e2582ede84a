extension NpyHeader {
    /// Reads the header at the front of `stream`.
    ///
    /// Version 1.0 has 2 bytes of text length; 2.0 and 3.0 (whose text is UTF-8) have 4.
    static func read(from stream: any ByteStream) throws(MarketDataError) -> (header: NpyHeader, bytes: Int64) {
        var preamble = try take(8, from: stream)
        guard Array(preamble[0..<6]) == magic else { throw stream.error(.notThisFormat(expected: "a npy array")) }
        let version = preamble[6]
        guard (1...3).contains(version) else {
            throw stream.error(.unsupported("npy version \(version).\(preamble[7]); save it again with a current numpy"))
        }
        preamble += try take(version == 1 ? 2 : 4, from: stream)
        let textBytes = version == 1 ? Int(preamble.u16(at: 8)) : Int(preamble.u32(at: 8))
        guard textBytes <= longestText else {
            throw stream.error(.corrupt("its npy header claims \(textBytes) bytes; copy or convert the file again"))
        }
        let header = try NpyHeader(text: take(textBytes, from: stream), version: version, of: stream)
        return (header, Int64(preamble.count + textBytes))
    }

    private static func take(_ count: Int, from stream: any ByteStream) throws(MarketDataError) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 1), alignment: 16)
        defer { buffer.deallocate() }
        let got = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[0..<count]))
        // Shorter than any array: cut, or nothing numpy ever wrote.
        guard got == count else {
            throw stream.error(.corrupt("it ends inside the npy header; copy or convert the file again"))
        }
        return Array(buffer[0..<count])
    }
}
