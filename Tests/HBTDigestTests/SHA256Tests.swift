import Testing

@testable import HBTDigest

@Suite struct SHA256Tests {
    private func hex(_ bytes: [UInt8], usesProcessor: Bool, pieces: Int = 1) -> String {
        var digest = SHA256()
        digest.usesProcessor = usesProcessor
        let size = max(1, bytes.count / pieces)
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + size)
            bytes.withUnsafeBytes { digest.update(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
            start = end
        }
        return digest.finishHex()
    }

    /// FIPS 180-4, appendix B, and the empty message.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
    ])
    func publishedDigests(text: String, digest: String) {
        #expect(hex(Array(text.utf8), usesProcessor: false) == digest)
        if SHA256().usesProcessor { #expect(hex(Array(text.utf8), usesProcessor: true) == digest) }
    }

    /// The processor's instructions and the portable code agree, however the bytes are cut.
    @Test(.enabled(if: SHA256().usesProcessor)) func theProcessorAgrees() {
        var state: UInt64 = 1
        for length in [1, 55, 56, 63, 64, 65, 127, 128, 1_000, 4_097] {
            let bytes = (0..<length).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 56)
            }
            let expected = hex(bytes, usesProcessor: false)
            for pieces in [1, 2, 7] { #expect(hex(bytes, usesProcessor: true, pieces: pieces) == expected) }
        }
    }
}
