import HBTTypes

/// Topological order by static heights: a node stands one above its highest input, and nodes are
/// evaluated from the lowest height up, in file order within one height.
enum FactorOrder {
    /// Index of each node in order of evaluation.
    ///
    /// - Throws: when nodes depend on each other in a circle, which is named.
    static func sorted(_ nodes: [FactorNode]) throws(SettingsError) -> [Int] {
        let heights = try heights(nodes)
        return nodes.indices.sorted { (heights[$0], $0) < (heights[$1], $1) }
    }

    static func check(_ nodes: [FactorNode]) throws(SettingsError) { _ = try heights(nodes) }

    static func heights(_ nodes: [FactorNode]) throws(SettingsError) -> [Int] {
        let names = nodes.enumerated().map { (id: $0.element.id, index: $0.offset) }.sorted { $0.id < $1.id }
        func index(_ id: String) -> Int? {
            var low = 0, high = names.count
            while low < high {
                let middle = (low + high) / 2
                if names[middle].id < id { low = middle + 1 } else { high = middle }
            }
            return low < names.count && names[low].id == id ? names[low].index : nil
        }
        var inputs: [[Int]] = []
        for node in nodes {
            var list: [Int] = []
            for dependency in node.dependencies {
                guard let target = index(dependency.id) else {
                    throw SettingsError(dependency.location, "\(node.id) depends on \(dependency.id), which is not a node")
                }
                list.append(target)
            }
            inputs.append(list)
        }
        // Depth first with a stack of our own: a long chain must not overflow the process's.
        var heights = [Int](repeating: -1, count: nodes.count)
        var isOpen = [Bool](repeating: false, count: nodes.count)
        for start in nodes.indices where heights[start] < 0 {
            var path = [(node: start, next: 0)]
            isOpen[start] = true
            while let top = path.last {
                let list = inputs[top.node]
                guard top.next < list.count else {
                    heights[top.node] = (list.map { heights[$0] }.max() ?? -1) + 1
                    isOpen[top.node] = false
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let input = list[top.next]
                if isOpen[input] {
                    let circle = path.map(\.node).drop { $0 != input }.map { nodes[$0].id } + [nodes[input].id]
                    throw SettingsError(nodes[input].location, "nodes depend on each other in a circle: \(circle.joined(separator: " → "))")
                }
                if heights[input] < 0 {
                    isOpen[input] = true
                    path.append((input, 0))
                }
            }
        }
        return heights
    }
}
