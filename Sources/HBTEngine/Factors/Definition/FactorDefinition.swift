import HBTTypes

/// A factor graph as its settings file defines it: nodes with ids, types, parameters and
/// dependencies, checked as far as they can be without knowing the instruments.
public struct FactorDefinition: Sendable {
    public internal(set) var name: String
    /// Instrument of the sources that name none.
    public internal(set) var symbol: String
    /// Quote currency per tick and base currency per lot, when the file gives them.
    public internal(set) var tickSize: Double?
    public internal(set) var lotSize: Double?
    /// The rest of a production file; nil for a graph file.
    public internal(set) var production: FactorProduction?
    /// Where the graph is defined.
    public internal(set) var location: SourceLocation
    var nodes: [FactorNode]

    /// Ids of the nodes with a value, in file order: the columns of the output.
    public var columns: [String] { nodes.filter { $0.isOutput && $0.source == nil }.map(\.id) }

    /// True when a node is the mid price of the graph's own instrument.
    public func isOwnMidPrice(_ id: String) -> Bool {
        guard let node = nodes.first(where: { $0.id == id }), node.kind == .midPrice, let source = node.dependencies.first else { return false }
        return (nodes.first { $0.id == source.id }?.asset ?? symbol) == symbol
    }

    /// Instruments the graph needs, in order of their first mention.
    public var symbols: [String] {
        var all = [symbol]
        for node in nodes { if let asset = node.asset, !all.contains(asset) { all.append(asset) } }
        return all
    }

    /// Reads the graph of a settings file: `[graph]` and `[[nodes]]`, or `[factor_engine]`.
    ///
    /// - Returns: nil when the file defines none. Other keys of the file are left alone; a file that
    ///   is nothing but a graph is closed by `root.finish()`.
    /// - Throws: the first mistake with its line and what to write instead.
    public static func read(_ root: SettingsTable) throws(SettingsError) -> FactorDefinition? {
        let engine = try root.table("factor_engine"), graph = try root.table("graph")
        if let engine {
            if let graph { throw SettingsError(graph.location, "[graph] and [factor_engine] cannot stand in one file; keep one") }
            return try ProductionReader.read(engine)
        }
        guard let graph else {
            if let nodes = root.entry("nodes") { throw SettingsError(nodes.location, "[[nodes]] need a [graph] with name and symbol before them") }
            return nil
        }
        return try GraphReader.read(graph, nodes: root.entry("nodes"))
    }

    init(name: String, symbol: String, location: SourceLocation, nodes: [FactorNode]) {
        self.name = name
        self.symbol = symbol
        self.location = location
        self.nodes = nodes
    }
}

/// The parts of a production file that are not the graph.
public struct FactorProduction: Equatable, Sendable {
    public enum WarmupSource: String, Equatable, Sendable, CaseIterable {
        case cold, replay, snapshot
    }
    /// `[factor_engine.ipc]`
    public var connectorName: String?
    public var factorServiceName: String?
    /// `[factor_engine.snapshot]`
    public var snapshotsEnabled = false
    public var snapshotIntervalNs: Int64 = 60_000_000_000
    public var maxSnapshots = 10
    public var snapshotPath: String?
    public var compressesSnapshots = true
    /// `[factor_engine.warmup]`
    public var warmupSource = WarmupSource.cold
    public var warmupNs: Int64 = 0
    public var warmupPath: String?
    /// History that takes the place of a snapshot that cannot be used.
    public var replayPath: String?

    public init() {}
}
