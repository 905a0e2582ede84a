import HBTMarketData
import HBTTypes

/// Vectors of the tools that put rows in order; each returns its first difference.
enum EventOrderVectors {
    static func correctEventOrder(_ vector: VectorPlace) throws -> String? {
        let seen = vectorRows(try EventOrder.correct(try marketRows(try vector.member("input"))))
        return try VectorComparison(vector).difference(try vector.member("expected").value, seen, at: "expected")
    }

    static func correctLocalTimestamp(_ vector: VectorPlace) throws -> String? {
        for place in try vector.list("cases") {
            var rows = try marketRows(try place.member("input"))
            switch try place.string("base_latency_type") {
            case "float": EventOrder.correctLocalTimestamp(&rows, baseLatency: try place.double("base_latency"))
            default: EventOrder.correctLocalTimestamp(&rows, baseLatencyNs: try place.int64("base_latency"))
            }
            let seen = VectorValue.array(rows.map { .integer($0.localNs) })
            let wanted = try place.member("expected_local_ts")
            if let found = try VectorComparison(vector).difference(wanted.value, seen, at: wanted.path) { return found }
        }
        return nil
    }

    static func validateEventOrder(_ vector: VectorPlace) throws -> String? {
        for place in try vector.list("cases") {
            let fault = EventOrder.validate(try marketRows(try place.member("input")))
            let seen = VectorValue.object([
                ("ok", .bool(fault == nil)), ("which", fault.map { .string($0.clock.rawValue) } ?? .null),
            ])
            let wanted = VectorValue.object([
                ("ok", try place.member("ok").value), ("which", place.value["which"] ?? .null),
            ])
            if let found = try VectorComparison(vector).difference(wanted, seen, at: place.path) { return found }
        }
        return nil
    }
}
