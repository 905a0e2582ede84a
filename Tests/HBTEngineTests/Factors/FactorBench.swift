import HBTConfig
import HBTTypes
import Testing

@testable import HBTEngine

/// A graph from text and rows to feed it, for tests.
final class FactorBench {
    let graph: FactorGraph
    let slow: SlowGraph
    private let dense: FactorFeed<DenseLevels>?
    private let paged: FactorFeed<PagedLevels>?
    private let rows: [MarketEvent]
    private var next = 0

    static func definition(_ text: String) throws -> (FactorDefinition, SettingsTable) {
        let root = try SettingsFile.parse(text: text, file: "graph.toml")
        let definition = try #require(try FactorDefinition.read(root))
        try root.finish()
        return (definition, root)
    }

    init(
        _ text: String, rows: [MarketEvent], tickSize: Double = 0.5, lotSize: Double = 0.01, book: BookSpec = .hash, isReference: Bool = false,
        snapshot: [MarketEvent] = []
    ) throws {
        let (definition, root) = try Self.definition(text)
        let spec = AssetSpec(symbol: definition.symbol, tickSize: tickSize, lotSize: lotSize, book: book)
        graph = try FactorGraph(definition, assets: [spec])
        slow = SlowGraph(root, tickSize: tickSize, lotSize: lotSize)
        for row in snapshot { slow.book.apply(row) }
        let input = AssetInput(spec: spec, events: ArrayEventSource(rows), initialSnapshot: snapshot)
        let attachment = FactorAttachment(core: graph.core, asset: 0, settlesAtEnd: false)
        if case .roi = book {
            dense = FactorFeed(input: input, attachment: attachment, isReference: isReference, checksOrder: true)
            paged = nil
        } else {
            dense = nil
            paged = FactorFeed(input: input, attachment: attachment, isReference: isReference, checksOrder: true)
        }
        self.rows = rows
        graph.settleRows = { [weak self] in self?.settle() }
    }

    /// Local time of the next wave; nil at the end.
    var nextNs: Int64? { next < rows.count ? rows[next].localNs : nil }

    /// Feeds the next wave to both graphs; its time, or nil at the end.
    func wave() -> Int64? {
        guard let ns = nextNs else { return nil }
        let end = rows[next...].firstIndex { $0.localNs != ns } ?? rows.count
        slow.wave(Array(rows[next..<end]))
        next = end
        feed(upTo: ns)
        return ns
    }

    /// Feeds the fast graph alone.
    func feed(upTo ns: Int64) {
        if let dense { while dense.nextNs <= ns { dense.process(upTo: ns) } }
        if let paged { while paged.nextNs <= ns { paged.process(upTo: ns) } }
        settle()
    }

    func settle() {
        dense?.settle()
        paged?.settle()
    }

    func step(_ ns: Int64) {
        settle()
        graph.core.pointee.step(at: ns)
        slow.step(ns)
    }

    func value(_ id: String, at ns: Int64) -> Double {
        return graph.handle(id).map { graph.value($0, at: ns) } ?? .nan
    }

    func isWarm(_ id: String, at ns: Int64) -> Bool {
        return graph.handle(id).map { graph.isWarm($0, at: ns) } ?? false
    }

    var encoded: [UInt8] {
        var out = StateWriter()
        graph.encode(into: &out)
        return out.bytes
    }

    /// The first column on which the two graphs differ at `ns`; nil when they agree.
    ///
    /// Relative to the values where there are any; a difference of two large numbers is judged by its parts.
    func difference(at ns: Int64, tolerance: Double = 1e-9, scale: Double = 1e-3) -> String? {
        slow.ticks(before: ns + 1)
        for id in graph.columns {
            let fast = value(id, at: ns), wanted = slow.read(id, ns)
            if fast == wanted || (fast.isNaN && wanted.isNaN) { continue }
            if abs(fast - wanted) <= tolerance * max(abs(wanted), scale) { continue }
            return "\(id) at \(ns): \(fast), should be \(wanted)"
        }
        return nil
    }
}

/// Short ways to write rows: local time in nanoseconds, the venue 5 ns before.
enum Row {
    static let both = EventFlags.exchange | EventFlags.local

    static func bid(_ ns: Int64, _ price: Double, _ size: Double) -> MarketEvent { row(EventKind.depth, EventFlags.buy, ns, price, size) }
    static func ask(_ ns: Int64, _ price: Double, _ size: Double) -> MarketEvent { row(EventKind.depth, EventFlags.sell, ns, price, size) }
    static func buy(_ ns: Int64, _ price: Double, _ size: Double) -> MarketEvent { row(EventKind.trade, EventFlags.buy, ns, price, size) }
    static func sell(_ ns: Int64, _ price: Double, _ size: Double) -> MarketEvent { row(EventKind.trade, EventFlags.sell, ns, price, size) }
    /// Nothing for the book; a wave all the same.
    static func other(_ ns: Int64) -> MarketEvent { row(EventKind.depthBBO, EventFlags.buy, ns, 0, 0) }

    private static func row(_ kind: UInt8, _ side: UInt64, _ ns: Int64, _ price: Double, _ size: Double) -> MarketEvent {
        MarketEvent(ev: both | side | UInt64(kind), exchangeNs: ns - 5, localNs: ns, price: price, quantity: size)
    }
}

/// Graph text from a few nodes; sources `depth`, `trade` and `best` are always there.
func graphText(_ nodes: String) -> String {
    """
    [graph]
    name = "test"
    symbol = "A"
    [[nodes]]
    id = "depth"
    type = "DepthSource"
    [[nodes]]
    id = "trade"
    type = "TradeSource"
    [[nodes]]
    id = "best"
    type = "BBOSource"
    """ + "\n" + nodes
}

/// `id: Type(inputs) keys`, one node a line.
func nodes(_ lines: String) -> String {
    graphText(lines.split(separator: "\n").map { line in
        let parts = line.split(separator: " ", maxSplits: 1)
        let head = parts[0].split(whereSeparator: { ":(),".contains($0) }).map(String.init)
        let inputs = head.dropFirst(2).map { "\"\($0)\"" }.joined(separator: ", ")
        let keys = parts.count > 1 ? parts[1].split(separator: ";").map { $0.trimmingPrefix(" ") }.joined(separator: "\n") : ""
        return "[[nodes]]\nid = \"\(head[0])\"\ntype = \"\(head[1])\"\n\(inputs.isEmpty ? "" : "dependencies = [\(inputs)]\n")\(keys)"
    }.joined(separator: "\n"))
}
