import HBTTypes
import Testing

@Suite struct DigestTests {
    private func digest(_ words: [UInt64]) -> Digest {
        var digest = Digest()
        for word in words { digest.add(word) }
        return digest
    }

    /// Worked out apart from the code, in arbitrary precision, from the step in its description.
    @Test func knownValues() {
        #expect(Digest().hex == "cbf29ce484222325")
        #expect(digest([0]).hex == "f8bb92c91b3f5cc0")
        #expect(digest([1, 2, 3]).hex == "0c07b167c3203d34")
        #expect(digest([.max]).hex == "690cf37cf43c469e")
    }

    @Test func orderAndEveryBitMatter() {
        #expect(digest([1, 2]) != digest([2, 1]))
        #expect(digest([0]) != digest([0, 0]))
        for bit in 0..<64 { #expect(digest([1 << UInt64(bit), 7]) != digest([0, 7])) }
    }

    @Test func kindsOfWords() {
        var signed = Digest(), double = Digest()
        signed.add(Int64(-1))
        double.add(1.5)
        #expect(signed == digest([.max]))
        #expect(double == digest([(1.5).bitPattern]))
    }

    @Test func zeroesDifferAndNaNsDoNot() {
        func of(_ value: Double) -> Digest {
            var digest = Digest()
            digest.add(value)
            return digest
        }
        #expect(of(0.0) != of(-0.0))
        #expect(of(.nan) == of(-.nan))
        #expect(of(.nan) == of(Double(nan: 5, signaling: false)))
        #expect(of(.nan) == of(.signalingNaN))
        #expect(of(.nan) != of(.infinity))
    }

    @Test func hexIsAlwaysSixteenDigits() {
        #expect(Digest(0xAB).hex == "00000000000000ab")
        #expect(Digest(0).hex == "0000000000000000")
    }
}
