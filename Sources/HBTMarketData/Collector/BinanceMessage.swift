/// One message of Binance's streams or its REST depth snapshot, as found in a collector line.
///
/// Fields are remembered where they stand and read only once the message's type is known, so that
/// any field order works and unknown types may hold anything. Pointers live as long as the line.
struct BinanceMessage {
    typealias Value = UnsafePointer<UInt8>

    /// Fields by name; nil when absent. Upper and lower case are different fields.
    struct Fields {
        var e: Value?, E: Value?, T: Value?, X: Value?, m: Value?
        var p: Value?, q: Value?, i: Value?, r: Value?
        var b: Value?, B: Value?, a: Value?, A: Value?
        var U: Value?, u: Value?, pu: Value?, t: Value?
        var lastUpdateId: Value?, code: Value?, msg: Value?, stream: Value?, result: Value?
        /// The payload of a combined stream's wrapper.
        var data: Value?
    }

    /// How an array field was read.
    enum Levels { case absent, levels, somethingElse }

    var fields = Fields()
    var bidState = Levels.absent, askState = Levels.absent
    /// True when the levels came under `bids` and `asks` (a snapshot), false for `b` and `a`.
    var isSnapshotNamed = false
    var bids = LevelList(), asks = LevelList()
    let powers = ByteScanner.powerTable

    func deallocate() {
        bids.deallocate()
        asks.deallocate()
    }

    /// Reads the message that starts at `start`; its last byte is before `end`, where a newline stands.
    mutating func parse(from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>, at failure: inout UnsafePointer<UInt8>) throws(ScanFault) {
        fields = Fields()
        bidState = .absent
        askState = .absent
        isSnapshotNamed = false
        bids.removeAll()
        asks.removeAll()
        var scanner = ByteScanner(p: start)
        do throws(ScanFault) {
            scanner.skipSpace()
            try object(&scanner, depth: 0)
            scanner.skipSpace()
            guard scanner.p == end else { throw ScanFault.trailingBytes }
        } catch {
            failure = scanner.p
            throw error
        }
    }

    private mutating func object(_ s: inout ByteScanner, depth: Int) throws(ScanFault) {
        try s.expect(UInt8(ascii: "{"), "{")
        s.skipSpace()
        if s.p.pointee == UInt8(ascii: "}") {
            s.p += 1
            return
        }
        while true {
            s.skipSpace()
            guard s.p.pointee == UInt8(ascii: "\"") else { throw .expected("a field name in quotes") }
            let name = s.p + 1
            if s.p[2] == UInt8(ascii: "\""), s.p[3] == UInt8(ascii: ":"), name.pointee | 0x20 >= UInt8(ascii: "a"), name.pointee | 0x20 <= UInt8(ascii: "z") {
                // Most names are one letter, and no space follows.
                s.p += 4
                s.skipSpace()
                try field(name, 1, &s, depth: depth)
                s.skipSpace()
                if s.p.pointee == UInt8(ascii: ",") { s.p += 1 } else { break }
                continue
            }
            try s.skipString()
            let length = s.p - name - 1
            s.skipSpace()
            try s.expect(UInt8(ascii: ":"), ":")
            s.skipSpace()
            try field(name, length, &s, depth: depth)
            s.skipSpace()
            if s.p.pointee == UInt8(ascii: ",") { s.p += 1 } else { break }
        }
        try s.expect(UInt8(ascii: "}"), ", or }")
    }

    @inline(__always)
    private mutating func field(_ name: Value, _ length: Int, _ s: inout ByteScanner, depth: Int) throws(ScanFault) {
        let value = s.p
        if length == 1 {
            switch name.pointee {
            case UInt8(ascii: "b"):
                fields.b = value
                return try levels(&s, isBid: true)
            case UInt8(ascii: "a"):
                fields.a = value
                return try levels(&s, isBid: false)
            case UInt8(ascii: "e"): fields.e = value
            case UInt8(ascii: "E"): fields.E = value
            case UInt8(ascii: "T"): fields.T = value
            case UInt8(ascii: "X"): fields.X = value
            case UInt8(ascii: "m"): fields.m = value
            case UInt8(ascii: "p"): fields.p = value
            case UInt8(ascii: "q"): fields.q = value
            case UInt8(ascii: "i"): fields.i = value
            case UInt8(ascii: "r"): fields.r = value
            case UInt8(ascii: "B"): fields.B = value
            case UInt8(ascii: "A"): fields.A = value
            case UInt8(ascii: "U"): fields.U = value
            case UInt8(ascii: "u"): fields.u = value
            case UInt8(ascii: "t"): fields.t = value
            default: break
            }
            return try s.skipValue(depth: depth + 1)
        }
        try longField(name, length, &s, depth: depth)
    }

    private mutating func longField(_ name: Value, _ length: Int, _ s: inout ByteScanner, depth: Int) throws(ScanFault) {
        let value = s.p
        if Self.equal(name, length, "pu") {
            fields.pu = value
        } else if Self.equal(name, length, "bids") {
            isSnapshotNamed = true
            return try levels(&s, isBid: true)
        } else if Self.equal(name, length, "asks") {
            isSnapshotNamed = true
            return try levels(&s, isBid: false)
        } else if Self.equal(name, length, "lastUpdateId") {
            fields.lastUpdateId = value
        } else if depth == 0, Self.equal(name, length, "stream") {
            fields.stream = value
        } else if depth == 0, Self.equal(name, length, "data") {
            fields.data = value
            if value.pointee == UInt8(ascii: "{") { return try object(&s, depth: 1) }
        } else if depth == 0, Self.equal(name, length, "code") {
            fields.code = value
        } else if depth == 0, Self.equal(name, length, "msg") {
            fields.msg = value
        } else if depth == 0, Self.equal(name, length, "result") {
            fields.result = value
        }
        try s.skipValue(depth: depth + 1)
    }

    /// `[["price","quantity"],…]`, or any other value, which then is no list of levels.
    private mutating func levels(_ s: inout ByteScanner, isBid: Bool) throws(ScanFault) {
        let start = s.p
        guard start.pointee == UInt8(ascii: "[") else {
            if isBid { bidState = .somethingElse } else { askState = .somethingElse }
            return try s.skipValue(depth: 1)
        }
        do throws(ScanFault) {
            if isBid {
                try levelArray(&s, into: &bids)
                bidState = .levels
            } else {
                try levelArray(&s, into: &asks)
                askState = .levels
            }
        } catch {
            // Either damaged JSON, which the generic scan reports, or an array of something else.
            let failure = s.p
            s.p = start
            do throws(ScanFault) { try s.skipValue(depth: 1) } catch {
                s.p = failure
                throw error
            }
            if isBid { bidState = .somethingElse } else { askState = .somethingElse }
        }
    }

    @inline(__always)
    private func levelArray(_ s: inout ByteScanner, into list: inout LevelList) throws(ScanFault) {
        list.removeAll()
        s.p += 1
        s.skipSpace()
        if s.p.pointee == UInt8(ascii: "]") {
            s.p += 1
            return
        }
        while true {
            if let level = quickLevel(&s) {
                list.append(level)
                if s.p.pointee == UInt8(ascii: ",") {
                    s.p += 1
                    continue
                }
                s.skipSpace()
                if s.p.pointee == UInt8(ascii: ",") { s.p += 1 } else { break }
                continue
            }
            s.skipSpace()
            try s.expect(UInt8(ascii: "["), "a price level [price, quantity]")
            s.skipSpace()
            let price = try s.decimal(powers: powers)
            s.skipSpace()
            try s.expect(UInt8(ascii: ","), "a quantity")
            s.skipSpace()
            let quantity = try s.decimal(powers: powers)
            s.skipSpace()
            while s.p.pointee == UInt8(ascii: ",") {
                // Until 2018 a level carried a third, always empty, element.
                s.p += 1
                s.skipSpace()
                try s.skipValue(depth: 3)
                s.skipSpace()
            }
            try s.expect(UInt8(ascii: "]"), "]")
            list.append(.init(price: price, quantity: quantity))
            s.skipSpace()
            if s.p.pointee == UInt8(ascii: ",") { s.p += 1 } else { break }
        }
        try s.expect(UInt8(ascii: "]"), ", or ]")
    }

    /// `["price","quantity"]` without spaces, as the venue writes it; nil, and the cursor where it was, for
    /// anything else.
    @inline(__always)
    private func quickLevel(_ s: inout ByteScanner) -> LevelList.Level? {
        var quick = s
        guard quick.p.pointee == UInt8(ascii: "[") else { return nil }
        quick.p += 1
        guard let price = quick.quickDecimal(powers), quick.p.pointee == UInt8(ascii: ",") else { return nil }
        quick.p += 1
        guard let quantity = quick.quickDecimal(powers), quick.p.pointee == UInt8(ascii: "]") else { return nil }
        s.p = quick.p + 1
        return LevelList.Level(price: price, quantity: quantity)
    }

    private static func equal(_ name: Value, _ length: Int, _ word: StaticString) -> Bool {
        guard length == word.utf8CodeUnitCount else { return false }
        for i in 0..<length where name[i] != word.utf8Start[i] { return false }
        return true
    }
}
