import HBTTypes

/// Reads `[graph]` and `[[nodes]]`.
struct GraphReader {
    private var tables: [SettingsTable] = []
    private var ids: [String] = []
    private var types: [FactorType] = []
    private var typeNames: [String] = []
    private var dependencies: [[FactorNode.Dependency]] = []

    static func read(_ graph: SettingsTable, nodes entry: SettingsTable.Entry?) throws(SettingsError) -> FactorDefinition {
        let name = try graph.string("name") ?? "factors"
        let symbol = try graph.require("symbol", try graph.string("symbol"))
        let tickSize = try graph.entry("tick_size") == nil ? nil : graph.positive("tick_size")
        let lotSize = try graph.entry("lot_size") == nil ? nil : graph.positive("lot_size")
        try graph.finish()
        guard let entry else { throw SettingsError(graph.location, "there are no [[nodes]]; a graph needs at least one") }
        guard case .array(let items) = entry.value else {
            throw SettingsError(entry.location, "nodes is \(entry.value.kindName); write [[nodes]], with two brackets")
        }
        var reader = GraphReader()
        for (index, item) in items.enumerated() {
            guard case .table(let table) = item else {
                throw SettingsError(entry.location, "nodes[\(index)] is \(item.kindName); write [[nodes]] tables")
            }
            try reader.open(table)
        }
        if reader.ids.isEmpty { throw SettingsError(entry.location, "there are no [[nodes]]; a graph needs at least one") }
        var definition = FactorDefinition(name: name, symbol: symbol, location: graph.location, nodes: [])
        definition.tickSize = tickSize
        definition.lotSize = lotSize
        // Timers first: the nodes that hang on one need its interval.
        let timers = try reader.timers()
        for index in reader.ids.indices { definition.nodes.append(try reader.node(index, timers)) }
        try FactorOrder.check(definition.nodes)
        return definition
    }

    /// Id, type and dependencies, which all nodes have.
    private mutating func open(_ table: SettingsTable) throws(SettingsError) {
        let id = try table.require("id", try table.string("id"))
        if id.isEmpty { throw table.error("id", "is empty") }
        if let twin = ids.firstIndex(of: id) {
            throw table.error("id", "= \"\(id)\" is taken by the node at \(tables[twin].location); every node needs an id of its own")
        }
        let name = try table.require("type", try table.string("type"))
        guard let type = FactorType.named(name) else {
            let known = FactorType.all.map(\.name)
            let near = Suggestion.nearest(to: name, among: known).map { "; did you mean \($0)?" } ?? "; known are \(known.joined(separator: ", "))"
            throw table.error("type", "= \"\(name)\" of \(id) is not a node type\(near)")
        }
        tables.append(table)
        ids.append(id)
        types.append(type)
        typeNames.append(name)
        dependencies.append(try table.words("dependencies") ?? [])
    }

    private func timers() throws(SettingsError) -> [Int64?] {
        var all: [Int64?] = []
        for index in ids.indices {
            guard types[index].name == "TimerSource" else {
                all.append(nil)
                continue
            }
            guard case .source(.timer(let ns)) = try types[index].read(tables[index], FactorType.Context(timerNs: nil, inputs: [])) else {
                preconditionFailure("a timer reads as another kind of node")
            }
            all.append(ns)
        }
        return all
    }

    private func node(_ index: Int, _ timers: [Int64?]) throws(SettingsError) -> FactorNode {
        let table = tables[index], id = ids[index], type = types[index]
        var timerNs: Int64?
        var others: [FactorNode.Dependency] = []
        for dependency in dependencies[index] {
            guard let target = ids.firstIndex(of: dependency.id) else {
                let near = Suggestion.nearest(to: dependency.id, among: ids.filter { $0 != id }).map { "; did you mean \($0)?" } ?? ""
                throw SettingsError(dependency.location, "\(id) depends on \(dependency.id), which is not a node\(near)")
            }
            if let ns = timers[target] {
                guard type.isSampled else { throw SettingsError(dependency.location, "\(id) (\(type.name)) cannot be timed; remove \(dependency.id)") }
                guard timerNs == nil else { throw SettingsError(dependency.location, "\(id) depends on two timers; keep one") }
                timerNs = ns
            } else {
                others.append(dependency)
            }
        }
        let asset: String?
        if type.inputs == .none {
            asset = type.name == "TimerSource" ? nil : try table.string("asset")
            if !others.isEmpty { throw table.error("dependencies", "of \(id): a source depends on nothing") }
        } else {
            asset = nil
            try checkInputs(others, of: index)
        }
        let kind = try type.read(table, FactorType.Context(timerNs: timerNs, inputs: others))
        try table.finish()
        return FactorNode(id: id, typeName: type.name, kind: kind, dependencies: others, asset: asset, location: table.location)
    }

    /// Number and kinds of the inputs.
    private func checkInputs(_ inputs: [FactorNode.Dependency], of index: Int) throws(SettingsError) {
        let table = tables[index], id = ids[index], type = types[index]
        let place = table.entries.first { $0.key == "dependencies" }?.location ?? table.location
        func refuse(_ message: String) -> SettingsError { SettingsError(place, "\(id) (\(type.name)) \(message)") }
        func typeName(_ input: FactorNode.Dependency) -> String { ids.firstIndex(of: input.id).map { types[$0].name } ?? "" }
        func isSource(_ input: FactorNode.Dependency) -> Bool { ids.firstIndex(of: input.id).map { types[$0].inputs == .none } ?? false }
        let found = inputs.isEmpty ? "none is given" : "\(inputs.count) are given"
        switch type.inputs {
        case .none: break
        case .book(let best):
            guard inputs.count == 1 else { throw refuse("depends on one source; \(found)") }
            let source = typeName(inputs[0])
            guard source == "DepthSource" || (best && source == "BBOSource") else {
                throw refuse("needs a DepthSource\(best ? " or BBOSource" : ""); \(inputs[0].id) is a \(source)")
            }
        case .trades:
            guard inputs.count == 1 else { throw refuse("depends on one source; \(found)") }
            guard typeName(inputs[0]) == "TradeSource" else { throw refuse("needs a TradeSource; \(inputs[0].id) is a \(typeName(inputs[0]))") }
        case .price:
            guard inputs.count == 1 else { throw refuse("depends on one node; \(found)") }
            let source = typeName(inputs[0])
            if isSource(inputs[0]) && source != "DepthSource" && source != "BBOSource" {
                throw refuse("needs a price; \(inputs[0].id) is a \(source)")
            }
        case .nodes(let count):
            guard inputs.count == count else { throw refuse("depends on \(count == 1 ? "one node" : "two nodes"); \(found)") }
        case .atLeast(let count):
            guard inputs.count >= count else { throw refuse("depends on at least one node; \(found)") }
        }
        switch type.inputs {
        case .nodes, .atLeast:
            if let source = inputs.first(where: isSource) { throw refuse("needs nodes with a value; \(source.id) is a \(typeName(source))") }
        default: break
        }
    }
}
