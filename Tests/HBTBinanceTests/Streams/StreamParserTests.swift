import Testing

@testable import HBTBinance

@Suite struct StreamParserTests {
    private func fault(_ text: String) -> String {
        do {
            _ = try StreamCall(text)
            return "none"
        } catch {
            return String(describing: error)
        }
    }

    @Test func depthKeepsEveryDigit() throws {
        let call = try StreamCall(
            #"{"e":"depthUpdate","E":2,"T":1,"s":"BTCUSDT","U":7,"u":9,"pu":6,"b":[["61496.50","0.010"],["1","12345678.12345678"]],"a":[]}"#)
        #expect(call.message == .depth(DepthMessage(
            symbol: "BTCUSDT", eventMs: 2, transactionMs: 1, firstUpdateId: 7, finalUpdateId: 9, previousFinalUpdateId: 6)))
        #expect(call.bids.map(\.price.mantissa) == [6_149_650, 1])
        #expect(call.bids.map(\.price.digits) == [2, 0])
        #expect(call.bids.map(\.quantity.mantissa) == [10, 1_234_567_812_345_678])
        #expect(call.asks == [])
    }

    @Test func anyOrderOfFieldsAndUnknownOnes() throws {
        let call = try StreamCall(#" { "zz": {"b":[1,{}]}, "m" : true,"q":"2","p":"1.5","t":3,"T":4,"E":5,"s":"A\#u{5E01}","e":"trade","n":null } "#)
        #expect(call.message == .trade(TradeMessage(
            symbol: "A\u{5E01}", eventMs: 5, transactionMs: 4, tradeId: 3, price: WireDecimal(mantissa: 15, digits: 1),
            quantity: WireDecimal(mantissa: 2, digits: 0), isBuyerMaker: true)))
    }

    @Test func whatIsOtherIsOther() throws {
        #expect(try StreamCall(#"{"result":null,"id":1}"#).message == .other)
        #expect(try StreamCall(#"{"e":"ORDER_TRADE_UPDATE","T":1,"E":2,"o":{"s":"BTCUSDT","ap":"1"}}"#).message == .other)
        #expect(try StreamCall(#"[{"e":"markPriceUpdate"}]"#).message == .other)
    }

    @Test func faultsSayWhatAndWhere() {
        let depth = #"{"e":"depthUpdate","E":2,"s":"A","U":7,"u":9,"b":[],"a":[]}"#
        #expect(fault(depth) == "none")
        for cut in 1..<depth.utf8.count { #expect(fault(String(depth.prefix(cut))) != "none", "cut at \(cut)") }
        #expect(fault(depth + "x") == "more bytes after the message at byte 59")
        #expect(fault(depth.replacing("9", with: "09")) != "none")
        #expect(fault(#"{"lastUpdateId":3,"bids":[[01,2]],"asks":[]}"#) == "a malformed number at byte 27")
        #expect(fault("") == "{ expected at byte 0")
        #expect(fault(#"{"e":"trade","e":"trade"}"#) == "the field e twice at byte 17")
        #expect(fault(#"{"e":"depthUpdate","E":2,"s":"A","U":7,"u":9,"a":[]}"#).hasPrefix("the field b is missing"))
        #expect(fault(#"{"e":"depthUpdate","E":"2","s":"A","U":7,"u":9,"b":[],"a":[]}"#) == "the field E has a value of the wrong kind at byte 23")
        #expect(fault(#"{"e":"depthUpdate","E":2,"s":"A","U":7.5,"u":9,"b":[],"a":[]}"#).hasPrefix("the field U has a value of the wrong kind"))
        #expect(fault(#"{"e":"depthUpdate","E":99999999999999999999,"s":"A","U":7,"u":9,"b":[],"a":[]}"#).hasPrefix("the field E has"))
        #expect(fault(#"{"e":"depthUpdate","E":2,"s":"A","U":7,"u":9,"b":[["1","2"],3],"a":[]}"#).hasPrefix("a price level"))
        #expect(fault(#"{"e":"depthUpdate","E":2,"s":"A","U":7,"u":9,"b":[["1","12345678901234567891"]],"a":[]}"#).hasPrefix("a number with more digits"))
        #expect(fault(#"{"e":"depthUpdate","E":2,"s":"A","U":7,"u":9,"b":[["NaN","1"]],"a":[]}"#).hasPrefix("a malformed number"))
        #expect(fault(#"{"x":"# + String(repeating: "[", count: 100)).hasPrefix("nested deeper than 32 levels"))
        #expect(fault(#"{"x":"\u12"}"#).hasPrefix("a bad escape"))
        #expect(fault("{\"x\":\"\n\"}").hasPrefix("a string that does not end"))
    }

    @Test func aParserForgetsTheMessageBefore() throws {
        var parser = StreamParser()
        _ = try StreamCall(&parser, #"{"stream":"x","data":{"e":"depthUpdate","E":2,"s":"A","U":7,"u":9,"b":[["1","2"]],"a":[]}}"#)
        let call = try StreamCall(&parser, #"{"lastUpdateId":3,"bids":[],"asks":[["5","6"]]}"#)
        #expect(call.message == .snapshot(SnapshotMessage(lastUpdateId: 3)))
        #expect(call.bids.isEmpty && call.asks.count == 1 && call.stream == nil)
        #expect(throws: WireFault.self) { try StreamCall(&parser, #"{"e":"depthUpdate","E":2,"s":"A","U":7,"u":9}"#) }
    }

    // Needs the recordings beside the repository.
    @Test(.enabled(if: Recorded.isThere), arguments: [
        ("hftbacktest-raw/usdm/btcusdt_20240718.gz", VenueMarket.usdMargined), ("hftbacktest-raw/cm/btcusd_perp_20240808.gz", .coinMargined),
        ("hftbacktest-raw/spot/btcusdt_20240808.gz", .spot), ("hftbacktest-raw/spot/nexousdt_20240725.dat.gz", .spot),
        ("hftbacktest-raw/usdm/btcusdt_20230404.dat.gz", .usdMargined), ("binance-payloads/recorded/capture_usdm.ws.txt.gz", .usdMargined),
        ("binance-payloads/recorded/capture_spot.ws.txt.gz", .spot),
    ])
    func recordedMessagesComeOutAsTheyWentIn(path: String, market: VenueMarket) throws {
        var parser = StreamParser()
        var count = 0
        for text in try Recorded.messages(path).prefix(8000) where text.hasPrefix("{") && !text.contains(", ") {
            let call = try StreamCall(&parser, text)
            if call.message == .other { continue }
            let written = call.written(market)
            try #require(written == text)
            count += 1
        }
        #expect(count > 100)
    }
}
