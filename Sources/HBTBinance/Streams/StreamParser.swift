import CWireLevels

/// Reads messages of the market streams and depth snapshots: the hot way in.
///
/// Accepts raw and combined streams, any order of fields, and fields it does not know. Everything from
/// the other side is checked: what is malformed, too deep, doubled or of the wrong kind is a `WireFault`.
/// Memory is used again from message to message; a symbol of up to 15 bytes costs no allocation.
public struct StreamParser: ~Copyable {
    var bytes = PaddedBytes()
    let fields = FieldTable()
    private var bidLevels = LevelBuffer()
    private var askLevels = LevelBuffer()
    /// Which side was given as a list of levels, and under which names.
    var hasBids = false, hasAsks = false, isSnapshotNamed = false
    var lastUpdateId = 0, previousFinalUpdateId = 0, pair = 0, symbol = 0, streamName = 0, averagePrice = 0

    /// The processor can read many bytes of a level at a time.
    private let isWide: Bool
    /// The newest symbol: hardly ever another one follows.
    var newestSymbol = SymbolText()

    /// The venue's own order of fields is tried first.
    private let isQuick: Bool

    public init() { self.init(isWide: true, isQuick: true) }

    /// - Parameters:
    ///   - isWide: false reads one number after the other, as on a processor that cannot do better.
    ///   - isQuick: false reads every message in the general way.
    init(isWide: Bool, isQuick: Bool) {
        self.isWide = isWide && cwirelevels_is_supported() != 0
        self.isQuick = isQuick
    }

    /// Levels of the last message, in its order; valid until the next one.
    public var bids: UnsafeBufferPointer<WireLevel> { bidLevels.levels }
    public var asks: UnsafeBufferPointer<WireLevel> { askLevels.levels }
    /// The same as the nearest doubles.
    public var bidValues: UnsafeBufferPointer<DepthLevel> { bidLevels.values }
    public var askValues: UnsafeBufferPointer<DepthLevel> { askLevels.values }

    /// Name of the stream when the message came in a combined stream's wrapper.
    public var stream: String? {
        guard streamName != 0, let raw = WireScanner.stringBytes(place(streamName)) else { return nil }
        return String(decoding: raw, as: UTF8.self)
    }

    /// - Throws: `WireFault` with the byte at which the message goes wrong.
    public mutating func parse(_ message: UnsafeRawBufferPointer) throws(WireFault) -> StreamMessage {
        var scanner = WireScanner(p: UnsafePointer(bytes.start))
        do throws(WireReason) {
            forgetLevels()
            try bytes.load(message)
            var found = StreamMessage.other
            if isQuick, quick(&found) { return found }
            forget()
            scanner = WireScanner(p: UnsafePointer(bytes.start))
            scanner.skipSpace()
            if scanner.p.pointee == UInt8(ascii: "[") {
                try scanner.skipValue(depth: 0)
                return try ended(scanner, message.count, .other)
            }
            try object(&scanner, depth: 1, part: 0)
            return try ended(scanner, message.count, try decode(&scanner))
        } catch {
            throw WireFault(error, offset: scanner.p - UnsafePointer(bytes.start))
        }
    }

    func place(_ offset: Int) -> WireScanner.Place { UnsafePointer(bytes.start) + offset }

    private mutating func ended(_ s: WireScanner, _ count: Int, _ result: StreamMessage) throws(WireReason) -> StreamMessage {
        var s = s
        s.skipSpace()
        guard s.p == place(count) else { throw .trailingBytes }
        return result
    }

    private mutating func forget() {
        fields.removeAll()
        forgetLevels()
        hasBids = false
        hasAsks = false
        isSnapshotNamed = false
        lastUpdateId = 0
        previousFinalUpdateId = 0
        pair = 0
        symbol = 0
        averagePrice = 0
    }

    /// All that `quick` leaves behind.
    mutating func forgetLevels() {
        bidLevels.removeAll()
        askLevels.removeAll()
        streamName = 0
    }

    /// The list of levels at the cursor, which stands on its `[`.
    mutating func readBids(_ s: inout WireScanner) throws(WireReason) {
        if isWide { bytes.mark() }
        try Self.levels(&s, into: &bidLevels, bytes, isWide)
    }

    mutating func readAsks(_ s: inout WireScanner) throws(WireReason) {
        if isWide { bytes.mark() }
        try Self.levels(&s, into: &askLevels, bytes, isWide)
    }

    private mutating func object(_ s: inout WireScanner, depth: Int, part: Int) throws(WireReason) {
        try s.expect(UInt8(ascii: "{"), "{")
        if s.accept(UInt8(ascii: "}")) { return }
        repeat {
            s.skipSpace()
            guard s.p.pointee == UInt8(ascii: "\"") else { throw .expected("a field name in quotes") }
            let name = s.p + 1
            if name[1] == UInt8(ascii: "\"") && name.pointee >= 0x20 && name.pointee != UInt8(ascii: "\\") && name.pointee != UInt8(ascii: "\"") {
                s.p += 3
            } else {
                try s.skipString()
            }
            let length = s.p - name - 1
            s.skipSpace()
            try s.expect(UInt8(ascii: ":"), ":")
            s.skipSpace()
            if length == 1 {
                try field(name.pointee, &s, depth: depth, part: part)
            } else {
                try longField(UnsafeBufferPointer(start: name, count: length), &s, depth: depth, part: part)
            }
        } while s.accept(UInt8(ascii: ","))
        try s.expect(UInt8(ascii: "}"), ", or }")
    }

    @inline(__always)
    private mutating func field(_ name: UInt8, _ s: inout WireScanner, depth: Int, part: Int) throws(WireReason) {
        guard fields.remember(name, at: s.p - place(0), in: part) else { throw .duplicate(name) }
        if part == 0 {
            switch (name, s.p.pointee) {
            case (UInt8(ascii: "b"), UInt8(ascii: "[")):
                try readBids(&s)
                hasBids = true
                return
            case (UInt8(ascii: "a"), UInt8(ascii: "[")):
                try readAsks(&s)
                hasAsks = true
                return
            case (UInt8(ascii: "k"), UInt8(ascii: "{")), (UInt8(ascii: "o"), UInt8(ascii: "{")):
                return try object(&s, depth: depth + 1, part: FieldTable.nested)
            default: break
            }
        }
        try s.skipValue(depth: depth)
    }

    private mutating func longField(_ name: UnsafeBufferPointer<UInt8>, _ s: inout WireScanner, depth: Int, part: Int) throws(WireReason) {
        let offset = s.p - place(0)
        guard part == 0 else {
            if WireScanner.equal(name, "ap") { try Self.once(&averagePrice, offset, "ap") }
            return try s.skipValue(depth: depth)
        }
        switch name.count {
        case 2:
            if WireScanner.equal(name, "pu") { try Self.once(&previousFinalUpdateId, offset, "pu") }
            if WireScanner.equal(name, "ps") { try Self.once(&pair, offset, "ps") }
        case 4:
            if s.p.pointee == UInt8(ascii: "["), WireScanner.equal(name, "bids") {
                guard !hasBids else { throw .duplicateField("bids") }
                try readBids(&s)
                hasBids = true
                isSnapshotNamed = true
                return
            }
            if s.p.pointee == UInt8(ascii: "["), WireScanner.equal(name, "asks") {
                guard !hasAsks else { throw .duplicateField("asks") }
                try readAsks(&s)
                hasAsks = true
                isSnapshotNamed = true
                return
            }
            if depth == 1, s.p.pointee == UInt8(ascii: "{"), WireScanner.equal(name, "data") { return try object(&s, depth: 2, part: 0) }
            if WireScanner.equal(name, "pair") { try Self.once(&pair, offset, "pair") }
        case 6:
            if depth == 1, WireScanner.equal(name, "stream") { try Self.once(&streamName, offset, "stream") }
            if WireScanner.equal(name, "symbol") { try Self.once(&symbol, offset, "symbol") }
        case 12: if WireScanner.equal(name, "lastUpdateId") { try Self.once(&lastUpdateId, offset, "lastUpdateId") }
        default: break
        }
        try s.skipValue(depth: depth)
    }

    @inline(__always)
    private static func once(_ slot: inout Int, _ offset: Int, _ name: StaticString) throws(WireReason) {
        guard slot == 0 else { throw .duplicateField(name) }
        slot = offset
    }

    /// `[["price","quantity"],…]`; an array of anything else is no book.
    private static func levels(
        _ s: inout WireScanner, into list: inout LevelBuffer, _ bytes: borrowing PaddedBytes, _ isWide: Bool
    ) throws(WireReason) {
        s.p += 1
        if s.accept(UInt8(ascii: "]")) { return }
        repeat {
            s.skipSpace()
            if isWide, list.appendUsual(&s, bytes) { continue }
            if let level = quickLevel(&s) {
                list.append(level)
            } else if s.p.pointee == UInt8(ascii: "[") {
                s.p += 1
                s.skipSpace()
                let price = try s.decimal()
                s.skipSpace()
                try s.expect(UInt8(ascii: ","), "a quantity")
                s.skipSpace()
                let quantity = try s.decimal()
                s.skipSpace()
                while s.p.pointee == UInt8(ascii: ",") {
                    // Until 2018 a level carried a third, always empty, element.
                    s.p += 1
                    s.skipSpace()
                    try s.skipValue(depth: 3)
                    s.skipSpace()
                }
                try s.expect(UInt8(ascii: "]"), "] after a price level")
                list.append(WireLevel(price: price, quantity: quantity))
            } else {
                throw .expected("a price level [price, quantity]")
            }
        } while s.accept(UInt8(ascii: ","))
        try s.expect(UInt8(ascii: "]"), ", or ]")
    }

    /// A level without spaces and with short numbers, which is every level in practice; otherwise nil and
    /// the cursor where it was.
    @inline(__always)
    private static func quickLevel(_ s: inout WireScanner) -> WireLevel? {
        guard s.p[0] == UInt8(ascii: "["), s.p[1] == UInt8(ascii: "\"") else { return nil }
        var t = WireScanner(p: s.p + 1)
        guard let price = t.quickDecimal(), t.p[0] == UInt8(ascii: ","), t.p[1] == UInt8(ascii: "\"") else { return nil }
        t.p += 1
        guard let quantity = t.quickDecimal(), t.p.pointee == UInt8(ascii: "]") else { return nil }
        s.p = t.p + 1
        return WireLevel(price: price, quantity: quantity)
    }
}
