/// A set of nodes as bits, walked in topological order.
struct NodeMask: BitwiseCopyable {
    let words: UnsafeMutablePointer<UInt64>

    init(wordCount: Int) {
        words = .allocate(capacity: wordCount)
        words.initialize(repeating: 0, count: wordCount)
    }

    init(words: UnsafeMutablePointer<UInt64>) { self.words = words }

    func deallocate() { words.deallocate() }

    @inline(__always) func insert(_ node: Int) { words[node >> 6] |= 1 << UInt64(node & 63) }
    @inline(__always) func contains(_ node: Int) -> Bool { words[node >> 6] >> UInt64(node & 63) & 1 != 0 }
    @inline(__always) func formUnion(_ other: NodeMask, wordCount: Int) {
        for i in 0..<wordCount { words[i] |= other.words[i] }
    }
    func isEmpty(wordCount: Int) -> Bool { (0..<wordCount).allSatisfy { words[$0] == 0 } }
    @inline(__always) func removeAll(wordCount: Int) {
        for i in 0..<wordCount { words[i] = 0 }
    }
}
