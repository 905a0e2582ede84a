import Foundation
import Testing

@testable import HBTMarketData

/// Runs `body` on a scanner over `text`; afterwards the cursor must be at the end, or nil results.
private func scan<T>(_ text: String, _ body: (inout ByteScanner) throws -> T) -> T? {
    var bytes = [UInt8](text.utf8)
    let count = bytes.count
    bytes.append(10)
    bytes += [UInt8](repeating: 0, count: ByteScanner.slack)
    return bytes.withUnsafeBufferPointer { buffer -> T? in
        guard let base = buffer.baseAddress else { return nil }
        var scanner = ByteScanner(p: base)
        guard let value = try? body(&scanner), scanner.p == base + count else { return nil }
        return value
    }
}

private func decimal(_ text: String) -> Double? { scan(text) { try $0.decimal() } }
private func isValue(_ text: String) -> Bool {
    scan(text) { s -> Bool in
        s.skipSpace()
        try s.skipValue()
        s.skipSpace()
        return true
    } != nil
}

@Test(arguments: [
    "0", "0.000", "1", "63888.40", "28165.47000000", "0.1", "0.3", "9007199254740992", "9007199254740993", "9007199254740993.0",
    "123456789012345678901234567890", "0.000000000000000000000000000001", "1.7976931348623157", "1e22", "1.5e-7", "-12.5", "00012.50",
    "2.2250738585072011e-308", "4.9e-324", "179769313486231570000000000000000000000.5", "0.99999999999999999999",
])
func decimalsAreTheNearestDoubles(text: String) {
    #expect(decimal("\"\(text)\"") == Double(text))
    if isValue(text) { #expect(decimal(text) == Double(text)) }
}

@Test(arguments: [1, 2, 3] as [UInt64])
func randomDecimalsAreTheNearestDoubles(seed: UInt64) {
    var random = FormatRandom(seed: seed)
    var differing: [String] = []
    for _ in 0..<20_000 {
        let whole = Int.random(in: 1...12, using: &random), fraction = Int.random(in: 0...12, using: &random)
        var text = (0..<whole).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
        if fraction > 0 { text += "." + (0..<fraction).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined() }
        if decimal("\"\(text)\"")?.bitPattern != Double(text)?.bitPattern { differing.append(text) }
    }
    #expect(differing == [])
}

@Test(arguments: ["", "\"\"", "\".\"", "\"1", "\"1.2.3\"", "\"nan\"", "\"inf\"", "\"0x10\"", "\"1e999\"", "\" 1\"", "\"1,5\"", "null", "1.", "-", "\"--1\""])
func whatIsNoDecimalIsRefused(text: String) { #expect(decimal(text) == nil) }

@Test func integersAreExactOrRefused() {
    func integer(_ text: String) -> Int64? { scan(text) { s in defer { s.p += text.utf8.count }; return s.integer() } ?? nil }
    #expect(integer("9223372036854775807") == .max)
    #expect(integer("-42") == -42)
    for text in ["9223372036854775808", "99999999999999999999", "1.0", "1e3", "x", "-", ""] { #expect(integer(text) == nil, "\(text)") }
}

@Test(arguments: [
    "{}", "[]", "[[],{}]", #"{"a":1,"b":[true,false,null],"c":{"d":"e"}}"#, "1", #""\"\\\/\b\f\n\r\t\u00e9""#, "[ 1 ,\t2 ]",
    "-0.5e+10", "0", "\"\u{e9}\"",
])
func jsonValuesAreSteppedOver(text: String) { #expect(isValue(text)) }

@Test(arguments: [
    "", "{", "[", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]", "[1 2]", "{a:1}", "\"x", #""\x""#, #""\u12g4""#, "tru", "nul", "01", "1.", ".5", "+1", "1e",
    "{\"a\":1}}", "[1]]", "\"\u{01}\"",
])
func whatIsNoJSONIsRefused(text: String) { #expect(!isValue(text)) }

@Test func depthIsBounded() {
    #expect(isValue(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)))
    #expect(!isValue(String(repeating: "[", count: 65) + String(repeating: "]", count: 65)))
    #expect(!isValue(String(repeating: "[", count: 1_000_000)))
}

/// Twin: Foundation's parser, on a message with one or two bytes changed. Foundation lets trailing
/// commas pass, which JSON does not, and refuses numbers too large for a double, which JSON allows.
@Test(arguments: [1, 2, 3, 4] as [UInt64])
func mutatedMessagesAreJudgedAsFoundationJudgesThem(seed: UInt64) throws {
    let message = [UInt8](#"{"stream":"b@depth","data":{"e":"depthUpdate","E":172,"T":12.50e1,"b":[["24.10","0.000"],[]],"x":null,"m":true}}"#.utf8)
    let alphabet = [UInt8](#"{}[]":,.0123456789-+eEtrufalsn \ "#.utf8)
    var random = FormatRandom(seed: seed), accepted = 0, differing: [String] = []
    for _ in 0..<2000 {
        var bytes = message
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[place] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            case 1: bytes.remove(at: place)
            default: bytes.insert(alphabet[Int.random(in: 0..<alphabet.count, using: &random)], at: place)
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let expected = (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
        if text.contains(/,\s*[\]}]/) || text.contains(/[eE]\+?\d{3}/) { continue }
        if isValue(text) != expected { differing.append(text) }
        accepted += expected ? 1 : 0
    }
    #expect(differing == [])
    #expect(accepted > 200)
}
