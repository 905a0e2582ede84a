import HBTTypes

/// One direction of order latency: how long a request, or a response, travels.
struct OrderLatency {
    enum Direction { case entry, response }
    private enum Model {
        case constant(Int64)
        case interpolated(InterpolatedLatency)
    }
    private var model: Model

    init(_ spec: LatencyModel, rows: (any LatencyRowSource)?, direction: Direction, isReference: Bool) throws {
        switch spec {
        case .constant(let entryNs, let responseNs):
            guard responseNs >= 0 || isReference else {
                throw EngineError("a response latency of \(responseNs) ns would answer before the venue has acted; write 0 or more")
            }
            model = .constant(direction == .entry ? entryNs : responseNs)
        case .interpolated(let offsetNs):
            guard let rows, rows.fileCount > 0 else { throw EngineError("interpolated latency needs order-latency rows") }
            model = .interpolated(try InterpolatedLatency(rows, offsetNs: offsetNs, direction: direction, isReference: isReference))
        }
    }

    /// Latency in nanoseconds for a message sent at `ns`; a negative entry latency means that the
    /// request is rejected after its magnitude.
    mutating func latency(at ns: Int64) throws -> Int64 {
        switch model {
        case .constant(let latencyNs):
            return latencyNs
        case .interpolated(var table):
            defer { model = .interpolated(table) }
            return try table.latency(at: ns)
        }
    }

    /// True when a message may arrive before it was sent.
    func mayBeNegative() throws -> Bool {
        switch model {
        case .constant(let latencyNs): latencyNs < 0
        case .interpolated(let table): try table.hasNegativeEnds()
        }
    }

    // MARK: state

    func encode(into out: inout StateWriter) {
        out.begin("LATE")
        if case .interpolated(let table) = model { table.encode(into: &out) }
    }

    mutating func restore(from input: inout StateReader) throws {
        try input.expect("LATE")
        if case .interpolated(var table) = model {
            try table.restore(from: &input)
            model = .interpolated(table)
        }
    }
}
