import HBTConfig
import HBTTypes
import Testing

/// Repeatable numbers for tests (Steele, Lea and Flood's SplitMix64).
struct Scrambler {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }
}

@Suite struct FuzzTests {
    private static let pieces = [
        "[", "]", "[[", "]]", "{", "}", "\"", "'", "\"\"\"", "'''", "=", ".", ",", "#", "\n", "\r\n", "\\", "\\u", "\\uD800", "\\U0010FFFF",
        "nan", "-inf", "1e999", "9223372036854775808", "-9223372036854775808", "0x", "1979-05-27T07:32:00Z", "\u{FEFF}", "é", "💥", "\t",
        "asset", "kind", "n", "lower", "[[asset]]", "[strategy]", "strategy.type = 1", "-9223372036854775808ns", "1e308", "5e-324",
    ]

    /// Whatever is done to a good file, it is read or refused in one line; a reading resolves and reads again.
    @Test(arguments: 0..<8)
    func mutationsNeverCrash(seed: UInt64) throws {
        var random = Scrambler(seed: seed)
        var read = 0
        for round in 0..<400 {
            var bytes = Array(Sample.text.utf8)
            for _ in 0...random.below(3) {
                let at = random.below(bytes.count)
                let end = min(bytes.count, at + random.below(12))
                switch random.below(5) {
                case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.removeSubrange(at..<end)
                case 2: bytes.insert(contentsOf: Self.pieces[random.below(Self.pieces.count)].utf8, at: at)
                case 3: bytes.insert(contentsOf: bytes[at..<end], at: random.below(bytes.count))
                default: bytes.replaceSubrange(at..<end, with: Self.pieces[random.below(Self.pieces.count)].utf8)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let run: RunSettings
            do {
                run = try Sample.read(text)
            } catch {
                let message = error.description
                #expect(!message.isEmpty && !message.contains("\n"), "seed \(seed) round \(round): \(message)")
                continue
            }
            read += 1
            let resolved = ResolvedConfig.text(run)
            let again = ResolvedConfig.text(try Sample.read(resolved))
            #expect(again == resolved, "seed \(seed) round \(round)")
        }
        // Both ways out must have been taken, or this tests nothing.
        #expect(read > 5 && read < 380)
    }

    @Test(arguments: 0..<4)
    func overridesNeverCrash(seed: UInt64) throws {
        var random = Scrambler(seed: seed)
        let words = ["asset", "data", "queue", "n", "strategy", "0", "1", "[0]", "[9]", ".", "..", "=", " ", "[", "]", "{", "\"", "x", "\n", "\\u0000", "é"]
        for round in 0..<500 {
            let text = (0...random.below(10)).map { _ in words[random.below(words.count)] }.joined()
            if let message = Sample.refusal(Sample.text, set: [text]) {
                #expect(!message.contains("\n"), "seed \(seed) round \(round): \(message)")
            }
        }
    }
}
