/// Spot `outboundAccountPosition`: the balances that an event may have changed.
public struct SpotAccountPosition: Equatable, Sendable {
    public var eventMs: Int64
    public var updateMs: Int64
    public var balances: [SpotBalance]

    public init(eventMs: Int64, updateMs: Int64, balances: [SpotBalance]) {
        self.eventMs = eventMs
        self.updateMs = updateMs
        self.balances = balances
    }

    public init(_ json: JSONValue) throws(WireFault) {
        var balances: [SpotBalance] = []
        for b in try json.array("B") {
            balances.append(SpotBalance(asset: try b.text("a"), free: try b.decimal("f"), locked: try b.decimal("l")))
        }
        self.init(eventMs: try json.integer("E"), updateMs: try json.integer("u"), balances: balances)
    }

    public func encode(into out: inout JSONWriter) {
        out.beginObject()
        out.field("e", "outboundAccountPosition")
        out.field("E", eventMs)
        out.field("u", updateMs)
        out.name("B")
        out.beginArray()
        for balance in balances {
            out.beginObject()
            out.field("a", balance.asset)
            out.field("f", balance.free)
            out.field("l", balance.locked)
            out.endObject()
        }
        out.endArray()
        out.endObject()
    }
}

/// One asset of a spot account.
public struct SpotBalance: Equatable, Sendable {
    public var asset: String
    public var free: WireDecimal
    /// Held by open orders.
    public var locked: WireDecimal

    public init(asset: String, free: WireDecimal, locked: WireDecimal) {
        self.asset = asset
        self.free = free
        self.locked = locked
    }
}
