import HBTDigest
import Testing

@Suite struct HMACSHA256Tests {
    /// Test cases 1, 2, 3 and 6 of RFC 4231.
    @Test func knownAnswers() {
        func hex(_ key: [UInt8], _ message: [UInt8]) -> String { Hex.text(HMACSHA256.authenticate(message, key: key)) }
        #expect(hex([UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8)) == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        #expect(HMACSHA256.hex("what do ya want for nothing?", key: "Jefe") == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(hex([UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50))
            == "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe")
        #expect(hex([UInt8](repeating: 0xAA, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8))
            == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }
}
