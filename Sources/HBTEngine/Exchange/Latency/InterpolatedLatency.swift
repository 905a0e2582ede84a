import HBTTypes

/// Latency interpolated between measured round trips, with a cursor that only moves forward.
///
/// Rows of all files form one sequence; a file is loaded when the cursor reaches it.
struct InterpolatedLatency {
    private let source: any LatencyRowSource
    private let offsetNs: Int64
    private let direction: OrderLatency.Direction
    private let isReference: Bool
    private var file = 0
    private var rows: [LatencyRow]
    /// First row of the file after `rows`, once it is known.
    private var following: [LatencyRow]?
    private var index = 0

    init(_ source: any LatencyRowSource, offsetNs: Int64, direction: OrderLatency.Direction, isReference: Bool) throws {
        self.source = source
        self.offsetNs = offsetNs
        self.direction = direction
        self.isReference = isReference
        rows = []
        rows = try load(0)
    }

    private func load(_ index: Int) throws -> [LatencyRow] {
        var loaded = try source.rows(ofFile: index)
        guard !loaded.isEmpty else { throw EngineError("order-latency file \(index + 1) has no rows") }
        for i in loaded.indices {
            // A rejection stays one; in the reference an offset makes an acceptance of it.
            if isReference || loaded[i].exchangeNs > 0 { loaded[i].exchangeNs &+= offsetNs }
            loaded[i].responseNs &+= 2 &* offsetNs
        }
        // A rejected request has no place on the venue's clock: it says nothing about responses.
        if !isReference && direction == .response {
            let accepted = loaded.filter { $0.exchangeNs > 0 }
            if !accepted.isEmpty { loaded = accepted }
        }
        return loaded
    }

    private mutating func next() throws -> LatencyRow? {
        if index + 1 < rows.count { return rows[index + 1] }
        if let following { return following[0] }
        guard file + 1 < source.fileCount else { return nil }
        let loaded = try load(file + 1)
        following = loaded
        return loaded[0]
    }

    private mutating func advance() {
        if index + 1 < rows.count {
            index += 1
        } else if let loaded = following {
            rows = loaded
            following = nil
            file += 1
            index = 0
        }
    }

    mutating func latency(at ns: Int64) throws -> Int64 {
        switch direction {
        case .entry: try entry(ns)
        case .response: try response(ns)
        }
    }

    private mutating func entry(_ ns: Int64) throws -> Int64 {
        if ns < rows[0].requestNs && (index == 0 || isReference) { return alone(rows[0]) }
        while let b = try next() {
            let a = rows[index]
            if a.requestNs <= ns && ns < b.requestNs {
                if a.exchangeNs <= 0 || b.exchangeNs <= 0 {
                    return 0 &- interpolate(ns, a.requestNs, a.responseNs &- a.requestNs, b.requestNs, b.responseNs &- b.requestNs)
                }
                return interpolate(ns, a.requestNs, a.exchangeNs &- a.requestNs, b.requestNs, b.exchangeNs &- b.requestNs)
            }
            advance()
        }
        return alone(rows[index])
    }

    /// Entry latency by one row alone. The reference takes a rejection's missing time for a time.
    private func alone(_ row: LatencyRow) -> Int64 {
        if !isReference && row.exchangeNs <= 0 { return 0 &- (row.responseNs &- row.requestNs) }
        return row.exchangeNs &- row.requestNs
    }

    private mutating func response(_ ns: Int64) throws -> Int64 {
        let (latencyNs, isInside) = try measuredResponse(ns)
        // The reference looks between rows only.
        guard latencyNs >= 0 || (isReference && !isInside) else {
            throw FeedFault.negativeResponseLatency(atNs: ns, latencyNs: latencyNs)
        }
        return latencyNs
    }

    /// `isInside`: between two rows, not before the first or after the last.
    private mutating func measuredResponse(_ ns: Int64) throws -> (latencyNs: Int64, isInside: Bool) {
        if ns < rows[0].exchangeNs { return (rows[0].responseNs &- rows[0].exchangeNs, false) }
        while let b = try next() {
            let a = rows[index]
            if a.exchangeNs <= ns && ns < b.exchangeNs {
                return (interpolate(ns, a.exchangeNs, a.responseNs &- a.exchangeNs, b.exchangeNs, b.responseNs &- b.exchangeNs), true)
            }
            advance()
        }
        let last = rows[index]
        return (last.responseNs &- last.exchangeNs, false)
    }

    /// True when a response before the first or after the last row would arrive before it was sent;
    /// between rows that is an error.
    func hasNegativeEnds() throws -> Bool {
        let first = try load(0)[0], last = try load(source.fileCount - 1)
        return first.responseNs < first.exchangeNs || last[last.count - 1].responseNs < last[last.count - 1].exchangeNs
    }

    /// The increment, not the result, is truncated toward zero.
    private func interpolate(_ x: Int64, _ x1: Int64, _ y1: Int64, _ x2: Int64, _ y2: Int64) -> Int64 {
        y1 &+ saturatingInt(Double(y2 &- y1) / Double(x2 &- x1) * Double(x &- x1))
    }

    // MARK: state

    func encode(into out: inout StateWriter) {
        out.put(file)
        out.put(index)
    }

    mutating func restore(from input: inout StateReader) throws {
        let file = try input.int(), index = try input.int()
        guard file >= 0, file < source.fileCount else { throw StateError("the state stands in order-latency file \(file + 1) of \(source.fileCount)") }
        rows = try load(file)
        following = nil
        guard index >= 0, index < rows.count else { throw StateError("the state stands in row \(index) of \(rows.count) of an order-latency file") }
        self.file = file
        self.index = index
    }
}
