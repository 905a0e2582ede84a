/// The keys of a TOML document with the line and the order each was written in.
///
/// TOMLKit's values carry neither, so error messages take both from here. One node stands for
/// one value: a table has children, an array has elements, anything else has only its line.
final class KeyLines {
    /// 1-based line of the key; of the value for elements of an array.
    private(set) var line: Int
    /// Elements of an array, in order.
    private(set) var elements: [KeyLines] = []
    /// Looked up by name only, never iterated.
    private var children: [String: (position: Int, node: KeyLines)] = [:]

    init(line: Int) { self.line = line }

    func child(_ name: String) -> KeyLines? { children[name]?.node }

    /// How many keys of the same table were written before this one; nil when it was never seen.
    func position(of name: String) -> Int? { children[name]?.position }

    /// The child of that name, made at `line` when this is the first time it is written.
    func child(_ name: String, line: Int) -> KeyLines {
        if let known = children[name] { return known.node }
        let node = KeyLines(line: line)
        children[name] = (children.count, node)
        return node
    }

    func append(_ element: KeyLines) { elements.append(element) }

    /// A header written after its subtables (`[a.b]`, then `[a]`) is where the table is to be found.
    func move(to line: Int) { self.line = line }
}
