import Testing

@testable import HBTBinance

/// Every byte comes from a stranger: whatever it is, the answer is a message or a typed error.
@Suite struct StreamFuzzTests {
    static let synthetic = [
        #"{"stream":"a@depth@0ms","data":{"e":"depthUpdate","E":2,"T":1,"s":"BTCUSDT","ps":"BTC","U":7,"u":9,"pu":6,"#
            + #""b":[["61496.50","0.010"]],"a":[["1","2.5"],["3","4"]]}}"#,
        #"{"u":400900217,"s":"BNBUSDT","b":"25.35190000","B":"31.21000000","a":"25.36520000","A":"40.66000000"}"#,
        #"{"e":"kline","E":2,"s":"A","k":{"t":1,"T":2,"s":"A","i":"1m","f":1,"L":2,"o":"1.0","c":"2","h":"3","l":"1","#
            + #""v":"1","n":1,"x":false,"q":"1","V":"1","Q":"1","B":"0"}}"#,
        #"{"e":"forceOrder","E":1,"o":{"s":"A","S":"SELL","o":"LIMIT","f":"IOC","q":"1","p":"2","ap":"2","X":"FILLED","l":"1","z":"1","T":3}}"#,
        #"{"lastUpdateId":3,"bids":[["0.1","1"]],"asks":[["5","6"]]}"#,
        #"{"e":"ACCOUNT_UPDATE","E":1,"T":2,"a":{"m":"ORDER","B":[{"a":"USDT","wb":"1.5"}],"P":[]}}"#,
    ]
    static let pieces: [String] = ["\"", "\\", "{", "}", "[", "]", ",", ":", "null", "1e999", "-", "\u{0}",
        "999999999999999999999999", "\\u0000", "\\ud800", "\u{FF}", ".", "true"]

    private func mutate(_ bytes: [UInt8], _ random: inout TestRandom) -> [UInt8] {
        var out = bytes
        for _ in 0...random.below(3) where !out.isEmpty {
            let at = random.below(out.count)
            switch random.below(6) {
            case 0: out[at] = UInt8(truncatingIfNeeded: random.next())
            case 1: out.removeSubrange(at...)
            case 2: out.remove(at: at)
            case 3: out.insert(contentsOf: Array(Self.pieces[random.below(Self.pieces.count)].utf8), at: at)
            case 4: out.insert(contentsOf: out[at..<min(out.count, at + random.below(40))], at: random.below(out.count))
            default: out[at] ^= 1 << UInt8(random.below(8))
            }
        }
        return out
    }

    private func attack(_ seeds: [[UInt8]], rounds: Int, seed: UInt64) {
        var parser = StreamParser()
        var random = TestRandom(seed: seed)
        var good = 0, bad = 0
        for _ in 0..<rounds {
            let bytes = mutate(seeds[random.below(seeds.count)], &random)
            do {
                _ = try StreamCall(&parser, bytes)
                // What the quick parser takes for JSON, the strict one must, too, but for doubled names,
                // of which the quick one only sees those it uses, and text that is no UTF-8.
                do { _ = try JSONValue.parse(bytes) } catch {
                    #expect(error.text.contains("twice") || error.text.contains("UTF-8"), "\(error) in \(String(decoding: bytes, as: UTF8.self))")
                }
                good += 1
            } catch {
                #expect(error is WireFault)
                bad += 1
            }
            if let tree = try? JSONValue.parse(bytes) {
                _ = try? UserEvent(tree)
                _ = try? WireOrder(tree)
                _ = try? Candle(tree)
            }
        }
        #expect(good > rounds / 50 && bad > rounds / 10)
    }

    @Test func mutatedSyntheticMessages() { attack(Self.synthetic.map { Array($0.utf8) }, rounds: 10_000, seed: 1) }

    // Needs the recordings beside the repository.
    @Test(.enabled(if: Recorded.isThere)) func mutatedRecordedMessages() throws {
        let recorded = try Recorded.payloads("recorded").filter { $0.bytes.count < 4000 }.map(\.bytes)
        let documented = try Recorded.payloads("documented").map(\.bytes)
        attack(recorded + documented, rounds: 10_000, seed: 2)
    }
}
