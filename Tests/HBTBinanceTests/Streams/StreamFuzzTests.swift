import Testing

@testable import HBTBinance

/// Every byte comes from a stranger: whatever it is, the answer is a message or a typed error.
@Suite struct StreamFuzzTests {
    static let synthetic = [
        #"{"stream":"a@depth@0ms","data":{"e":"depthUpdate","E":2,"T":1,"s":"BTCUSDT","ps":"BTC","U":7,"u":9,"pu":6,"#
            + #""b":[["61496.50","0.010"]],"a":[["1","2.5"],["3","4"]]}}"#,
        #"{"u":400900217,"s":"BNBUSDT","b":"25.35190000","B":"31.21000000","a":"25.36520000","A":"40.66000000"}"#,
        #"{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":5123107839020,"s":"BTCUSDT","b":"61800.20","B":"2.507","a":"61800.30","#
            + #""A":"2.510","T":1723161256313,"E":1723161256313}}"#,
        #"{"u":12,"e":"bookTicker","s":"BTCUSD_PERP","ps":"BTCUSD","b":"61800.2","B":"25","a":"61800.3","A":"3","T":1723161256313,"E":1723161256314}"#,
        #"{"e":"trade","E":1723161256322,"T":1723161256322,"s":"BTCUSDT","t":5266583935,"p":"61800.30","q":"0.006","X":"MARKET","m":false}"#,
        #"{"e":"trade","E":1723161256322,"s":"BTCUSDT","t":5266583935,"p":"61800.30","q":"0.006","T":1723161256322,"m":true,"M":true}"#,
        #"{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":5123107832006,"u":5123107837557,"pu":5123107831937,"#
            + #""b":[["58710.20","0.014"],["61496.50","0.010"],["61510.90","0.000"]],"a":[["61800.30","12345.678"],["99999.9","7"]]}"#,
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

    private enum Answer: Equatable {
        case message(StreamMessage, stream: String?, bids: [[Int64]], asks: [[Int64]])
        case fault(WireFault)
    }

    private func answer(_ parser: inout StreamParser, _ bytes: [UInt8]) -> Answer {
        do {
            let message = try bytes.withUnsafeBytes { try parser.parse($0) }
            func exact(_ levels: UnsafeBufferPointer<WireLevel>) -> [[Int64]] {
                levels.map { [$0.price.mantissa, Int64($0.price.digits), $0.quantity.mantissa, Int64($0.quantity.digits)] }
            }
            for (levels, values) in [(parser.bids, parser.bidValues), (parser.asks, parser.askValues)] {
                #expect(levels.map { $0.price.double.bitPattern } == values.map(\.price.bitPattern))
                #expect(levels.map { $0.quantity.double.bitPattern } == values.map(\.quantity.bitPattern))
            }
            return .message(message, stream: parser.stream, bids: exact(parser.bids), asks: exact(parser.asks))
        } catch {
            return .fault(error as? WireFault ?? WireFault("\(error)"))
        }
    }

    /// One parser for each way of reading.
    private struct AllWays: ~Copyable {
        var general = StreamParser(isWide: false, isQuick: false)
        var wide = StreamParser(isWide: true, isQuick: false)
        var usual = StreamParser()
    }

    /// Every way of reading gives the same message, or the same fault at the same byte.
    private func compare(_ parsers: inout AllWays, _ bytes: [UInt8]) {
        let general = answer(&parsers.general, bytes), wide = answer(&parsers.wide, bytes), usual = answer(&parsers.usual, bytes)
        #expect(wide == general && usual == general, "\(String(decoding: bytes, as: UTF8.self))")
    }

    /// Numbers of every length, spaces and strangers among levels of the usual shape, lists longer than any buffer.
    @Test(arguments: 0..<40 as Range<UInt64>) func levelsOfEveryShape(seed: UInt64) {
        var parsers = AllWays()
        var random = TestRandom(seed: seed)
        func digits(_ most: Int) -> String { (0..<(1 + random.below(most))).map { _ in "\(random.below(10))" }.joined() }
        func number() -> String {
            switch random.below(40) {
            case 0: return digits(20)
            case 1: return digits(16) + "." + digits(16)
            case 2: return ["", ".", "1.", ".5", "-1.5", "1.2.3", "1e5", "00.10", "0"][random.below(9)]
            default: return digits(6) + (random.below(4) == 0 ? "" : "." + digits(4))
            }
        }
        func level() -> String {
            let space = random.below(60) == 0 ? " " : ""
            let quote = random.below(200) == 0 ? "" : "\""
            return "[" + space + quote + number() + quote + space + ",\"" + number() + "\"" + (random.below(100) == 0 ? ",[]" : "") + "]"
        }
        for round in 0..<200 {
            // Mostly few, so that most lists are without a fault.
            let count = round % 50 == 0 ? 3_000 : random.below(12)
            let list = (0..<count).map { _ in round % 50 == 0 ? "[\"\(digits(5)).5\",\"\(digits(3)).25\"]" : level() }
            let text = #"{"e":"depthUpdate","E":1,"s":"A","U":1,"u":2,"b":["# + list.joined(separator: ",") + #"],"a":[["1.5","2"]]}"#
            compare(&parsers, Array(text.utf8))
        }
    }

    private func attack(_ seeds: [[UInt8]], rounds: Int, seed: UInt64) {
        var parser = StreamParser()
        var parsers = AllWays()
        var random = TestRandom(seed: seed)
        var good = 0, bad = 0
        for _ in 0..<rounds {
            let bytes = mutate(seeds[random.below(seeds.count)], &random)
            compare(&parsers, bytes)
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
