import HBTTypes

/// Reads weights, their bounds and what is made of the sum.
enum CombinationReader {
    /// - Parameter inputs: the nodes combined, in order; every one needs a weight.
    static func read(_ table: SettingsTable, inputs: [FactorNode.Dependency], isLinear: Bool) throws(SettingsError) -> Combination {
        guard let weights = try table.table("weights") else {
            throw SettingsError(table.location, "\(table.fullName("weights")) is missing; write weights = { id = 0.5, … }")
        }
        var combination = Combination(weights: [], bounds: [])
        for input in inputs {
            guard weights.entry(input.id) != nil else {
                throw SettingsError(weights.location, "\(table.fullName("weights")) has no weight for \(input.id)")
            }
            combination.weights.append(try weights.number(input.id))
        }
        try refuseOthers(weights, inputs, "weights")
        combination.bounds = try bounds(table, inputs)
        combination.normalizes = try table.bool("normalize") ?? false
        if isLinear { return combination }
        combination.activation = try activation(table)
        combination.bias = try table.number("bias", default: 0)
        combination.gain = try table.number("gain", default: 1)
        combination.products = try products(table, inputs)
        return combination
    }

    private static func refuseOthers(_ table: SettingsTable, _ inputs: [FactorNode.Dependency], _ what: String) throws(SettingsError) {
        for entry in table.entries where !inputs.contains(where: { $0.id == entry.key }) {
            let near = Suggestion.nearest(to: entry.key, among: inputs.map(\.id)).map { "; did you mean \($0)?" } ?? ""
            throw SettingsError(entry.location, "\(table.fullName(entry.key)) is not among the nodes combined\(near)")
        }
    }

    /// `constraints = { id = [min, max] }`
    private static func bounds(_ table: SettingsTable, _ inputs: [FactorNode.Dependency]) throws(SettingsError) -> [Combination.Bounds] {
        guard let constraints = try table.table("constraints") else { return inputs.map { _ in Combination.Bounds() } }
        try refuseOthers(constraints, inputs, "constraints")
        var all: [Combination.Bounds] = []
        for input in inputs {
            guard let entry = constraints.entry(input.id) else {
                all.append(Combination.Bounds())
                continue
            }
            guard case .array(let items) = entry.value, items.count == 2, let low = items[0].number, let high = items[1].number, low <= high else {
                throw constraints.error(input.id, "must be [min, max], two numbers in ascending order")
            }
            all.append(Combination.Bounds(minimum: low, maximum: high))
        }
        return all
    }

    private static func activation(_ table: SettingsTable) throws(SettingsError) -> CombineNode.Activation {
        switch try table.string("activation") ?? "tanh" {
        case "tanh": return .tanh
        case "sigmoid": return .sigmoid
        case "softsign": return .softsign
        case "linear": return .linear
        case let other: throw table.error("activation", "= \"\(other)\" is not known; write tanh, sigmoid, softsign or linear")
        }
    }

    /// `interactions = [{ nodes = ["a", "b"], weight = 0.5 }]`
    private static func products(_ table: SettingsTable, _ inputs: [FactorNode.Dependency]) throws(SettingsError) -> [Combination.Product] {
        guard let entry = table.entry("interactions") else { return [] }
        guard case .array(let items) = entry.value else {
            throw table.error("interactions", "is \(entry.value.kindName); write [{ nodes = [\"a\", \"b\"], weight = 0.5 }]")
        }
        var all: [Combination.Product] = []
        for item in items {
            guard case .table(let product) = item else {
                throw table.error("interactions", "holds \(item.kindName); write { nodes = [\"a\", \"b\"], weight = 0.5 }")
            }
            let nodes = try product.words("nodes") ?? []
            guard nodes.count == 2 else { throw product.error("nodes", "must name two nodes") }
            for node in nodes where !inputs.contains(where: { $0.id == node.id }) {
                let near = Suggestion.nearest(to: node.id, among: inputs.map(\.id)).map { "; did you mean \($0)?" } ?? ""
                throw product.error("nodes", "names \(node.id), which is not among the nodes combined\(near)")
            }
            all.append(Combination.Product(a: nodes[0].id, b: nodes[1].id, weight: try product.number("weight")))
            try product.finish()
        }
        return all
    }
}

extension SettingValue {
    /// As a finite number; nil when it is none.
    var number: Double? {
        switch self {
        case .integer(let i): Double(i)
        case .double(let d): d.isFinite ? d : nil
        default: nil
        }
    }
}
