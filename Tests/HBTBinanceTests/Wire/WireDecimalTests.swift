import Testing

@testable import HBTBinance

@Suite struct WireDecimalTests {
    private func scanned(_ text: String) throws -> WireDecimal {
        var bytes = PaddedBytes(capacity: 8)
        let raw = Array(text.utf8)
        try raw.withUnsafeBytes { try bytes.load($0) }
        var scanner = WireScanner(p: UnsafePointer(bytes.start))
        let value = try scanner.decimal()
        #expect(scanner.p.pointee == 0, "\(text): the cursor must stand behind the number")
        return value
    }

    @Test func textStaysText() throws {
        let texts = [
            "0", "0.0", "0.00000000", "1", "10", "-1.50", "61496.50", "123456789012345678", "0.000000000000000001", "1234567.12345678", "12345678.9",
            "1.123456789",
        ]
        for text in texts {
            #expect(WireDecimal(text)?.description == text)
            #expect(try scanned("\"\(text)\"").description == text)
            #expect(try scanned(text).description == text)
        }
        for text in ["", "-", ".", "1.", ".5", "1e5", "1.2.3", "+1", " 1", "1 ", "0x1", "99999999999999999999"] { #expect(WireDecimal(text) == nil, "\(text)") }
    }

    @Test func doublesAreTheNearest() throws {
        var random = TestRandom(seed: 7)
        for _ in 0..<20_000 {
            let digits = Int(random.next() % 12)
            let value = WireDecimal(mantissa: Int64(random.next() >> (random.next() % 40 + 4)), digits: digits)
            #expect(value.double == Double(value.description))
            let scanned = try scanned("\"\(value)\"")
            #expect(scanned == value)
            // With more than 18 digits zeros at the end are left away.
            if value.mantissa < 1_000_000_000_000_000_000 { #expect(scanned.description == value.description) }
        }
    }

    @Test func stepsAreExact() {
        let tick = WireStep("0.10"), lot = WireStep("0.00001")
        #expect(tick?.steps(WireDecimal(mantissa: 6_149_650, digits: 2)) == 614_965)
        #expect(tick?.steps(WireDecimal(mantissa: 6_149_655, digits: 2)) == nil)
        #expect(tick?.steps(WireDecimal(mantissa: 61_496, digits: 0)) == 614_960)
        #expect(tick?.steps(WireDecimal(mantissa: .max, digits: 0)) == nil)
        #expect(lot?.steps(WireDecimal(mantissa: 154_698_000, digits: 8)) == 154_698)
        #expect(tick?.value(614_965, digits: 2)?.description == "61496.50")
        #expect(WireStep("0") == nil && WireStep("-1") == nil)
        #expect(WireDecimal("0.10") == WireDecimal("0.1") && WireDecimal("0.1")! < WireDecimal("0.11")! && WireDecimal("-2")! < WireDecimal("-1.5")!)
    }
}

/// xorshift64*: the same numbers in every run.
struct TestRandom {
    var state: UInt64
    init(seed: UInt64) { state = seed | 1 }
    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
    mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
}
