import Testing

@testable import HBTMarketData

private func runs(_ bytes: [UInt8], bitWidth: Int, count: Int) throws(ParquetFault) -> [UInt32] {
    var values: [UInt32] = []
    try bytes.withRawBytes { (bytes) throws(ParquetFault) in
        try RunLengthDecoder.decode(bytes, bitWidth: bitWidth, count: count) { (run) throws(ParquetFault) in
            switch run {
            case .repeated(let value, let count): values += Array(repeating: value, count: count)
            case .packed(let bits, let count): values += (0..<count).map { UInt32(bits($0)) }
            }
        }
    }
    return values
}

/// The example of the format's document: 0 to 7 at 3 bits.
@Test func runLengthsFollowTheDocument() throws {
    #expect(try runs([0b11, 0b1000_1000, 0b1100_0110, 0b1111_1010], bitWidth: 3, count: 8) == [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(try runs([10 << 1, 4], bitWidth: 3, count: 10) == Array(repeating: 4, count: 10))
    #expect(throws: ParquetFault.ended) { try runs([0b11, 1], bitWidth: 3, count: 8) }
    #expect(throws: ParquetFault.ended) { try runs([10 << 1], bitWidth: 3, count: 8) }
    #expect(throws: ParquetFault.corrupt("a run of impossible length")) { try runs([0, 0], bitWidth: 3, count: 8) }
}

@Test(arguments: 0...32)
func runLengthsComeBack(bitWidth: Int) throws {
    var random = FormatRandom(seed: UInt64(bitWidth))
    for _ in 0..<50 {
        var values: [UInt32] = []
        while values.count < Int.random(in: 0...200, using: &random) {
            let value = bitWidth == 0 ? 0 : UInt32(truncatingIfNeeded: random.next() >> UInt64(64 - bitWidth))
            values += Array(repeating: value, count: [1, 1, 3, 9, 40][Int.random(in: 0..<5, using: &random)])
        }
        let buffer = RawBuffer()
        values.withUnsafeBufferPointer { RunLengthEncoder.encode($0, bitWidth: bitWidth, to: buffer) }
        #expect(try runs(Array(buffer.view), bitWidth: bitWidth, count: values.count) == values)
    }
}

private func decoded<Value: ParquetDecodable>(_ bytes: [UInt8], _ encoding: Int32, _ count: Int) throws(ParquetFault) -> [Value] {
    var values: [Value] = []
    try bytes.withRawBytes { (bytes) throws(ParquetFault) in try Value.decode(bytes, encoding: encoding, count: count, into: &values) }
    return values
}

/// The examples of the format's document, with the block size made legal.
@Test func deltasFollowTheDocument() throws {
    let ones: [UInt8] = [0x80, 1, 1, 5, 2, 2, 0]
    #expect(try decoded(ones, 5, 5) as [Int64] == [1, 2, 3, 4, 5])
    // 7 5 3 1 2 3 4 5: least difference −2, then 0 0 0 3 3 3 3 at 2 bits, in a miniblock of 32.
    let mixed: [UInt8] = [0x80, 1, 4, 8, 14, 3, 2, 0, 0, 0, 0b1100_0000, 0b0011_1111, 0, 0, 0, 0, 0, 0]
    #expect(try decoded(mixed, 5, 8) as [Int32] == [7, 5, 3, 1, 2, 3, 4, 5])
    #expect(throws: ParquetFault.ended) { try decoded(Array(mixed.dropLast()), 5, 8) as [Int32] }
    #expect(throws: ParquetFault.corrupt("8 delta values instead of 9")) { try decoded(mixed, 5, 9) as [Int32] }
    #expect(throws: ParquetFault.corrupt("delta blocks of impossible size")) { try decoded([7, 1, 1, 0], 5, 1) as [Int32] }
    #expect(throws: ParquetFault.unsupported("encoding number 5 for its type; write with plain or dictionary encoding")) {
        try decoded(mixed, 5, 8) as [Double]
    }
}

@Test func splitStreamsAreJoined() throws {
    #expect(try decoded([1, 2, 0, 0, 0, 0, 0, 0x80], 9, 2) as [Int32] == [1, Int32.min + 2])
    #expect(throws: ParquetFault.ended) { try decoded([1, 2, 0, 0, 0, 0, 0], 9, 2) as [Int32] }
}

@Test func stringsThatAreNoUTF8AreErrors() throws {
    #expect(try decoded([2, 0, 0, 0, 0xC3, 0xA9], 0, 1) as [String] == ["é"])
    #expect(throws: ParquetFault.corrupt("a string that is not UTF-8")) { try decoded([1, 0, 0, 0, 0xC3], 0, 1) as [String] }
    #expect(throws: ParquetFault.ended) { try decoded([255, 255, 255, 255, 0xC3], 0, 1) as [String] }
    #expect(try decoded([1, 0, 0, 0, 0xC3], 0, 1) as [[UInt8]] == [[0xC3]])
}

private func unsnapped(_ bytes: [UInt8], _ expected: Int) throws(ParquetFault) -> String {
    let output = RawBuffer()
    try bytes.withRawBytes { (bytes) throws(ParquetFault) in try Snappy.decompress(bytes, expected: expected, to: output) }
    return String(decoding: output.view, as: UTF8.self)
}

@Test func snappyKnowsEveryElement() throws {
    #expect(try unsnapped([0], 0) == "")
    #expect(try unsnapped([3, 2 << 2] + Array("abc".utf8), 3) == "abc")
    // A length in its own byte.
    #expect(try unsnapped([70, 60 << 2, 69] + Array(repeating: 0x78, count: 70), 70) == String(repeating: "x", count: 70))
    // Copies with offsets of 1, 2 and 4 bytes; the first reaches into its own result.
    #expect(try unsnapped([7, 1 << 2, 0x61, 0x62, 1 << 2 | 1, 2], 7) == "abababa")
    #expect(try unsnapped([5, 1 << 2, 0x61, 0x62, 2 << 2 | 2, 1, 0], 5) == "abbbb")
    #expect(try unsnapped([4, 1 << 2, 0x61, 0x62, 1 << 2 | 3, 2, 0, 0, 0], 4) == "abab")
    let outside = ParquetFault.corrupt("a Snappy copy from outside the block")
    #expect(throws: outside) { try unsnapped([7, 1 << 2, 0x61, 0x62, 1 << 2 | 1, 3], 7) }
    #expect(throws: outside) { try unsnapped([7, 1 << 2, 0x61, 0x62, 1 << 2 | 1, 0], 7) }
    #expect(throws: outside) { try unsnapped([3, 1 << 2, 0x61, 0x62, 1 << 2 | 1, 2], 3) }
    #expect(throws: ParquetFault.ended) { try unsnapped([3, 2 << 2, 0x61], 3) }
    #expect(throws: ParquetFault.corrupt("a Snappy block that is too short")) { try unsnapped([4, 2 << 2] + Array("abc".utf8), 4) }
    #expect(throws: ParquetFault.corrupt("a Snappy block of another length")) { try unsnapped([3, 2 << 2] + Array("abc".utf8), 4) }
}
