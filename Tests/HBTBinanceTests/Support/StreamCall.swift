@testable import HBTBinance

/// A message read and written again.
struct StreamCall {
    var message: StreamMessage
    var stream: String?
    var bids: [WireLevel]
    var asks: [WireLevel]

    init(_ text: String) throws {
        var parser = StreamParser()
        try self.init(&parser, text)
    }

    init(_ parser: inout StreamParser, _ text: String) throws {
        try self.init(&parser, Array(text.utf8))
    }

    init(_ parser: inout StreamParser, _ bytes: [UInt8]) throws {
        let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        defer { raw.deallocate() }
        raw.copyBytes(from: bytes)
        message = try parser.parse(UnsafeRawBufferPointer(raw))
        stream = parser.stream
        bids = Array(parser.bids)
        asks = Array(parser.asks)
    }

    /// As the venue would have written it.
    func written(_ market: VenueMarket) -> String {
        var out = JSONWriter()
        switch message {
        case .depth(let message): message.encode(into: &out, bids: bids, asks: asks)
        case .snapshot(let message): message.encode(into: &out, bids: bids, asks: asks)
        case .bookTicker(let message): message.encode(into: &out, market: market)
        case .trade(let message): message.encode(into: &out, market: market)
        case .aggTrade(let message): message.encode(into: &out, market: market)
        case .kline(let message): message.encode(into: &out)
        case .markPrice(let message): message.encode(into: &out)
        case .forceOrder(let message): message.encode(into: &out)
        case .other: break
        }
        guard let stream else { return out.text }
        var wrapper = JSONWriter()
        wrapper.wrap(stream: stream, payload: out.bytes)
        return wrapper.text
    }
}
