/// How long each size of position was held.
///
/// Bins are centred on multiples of their width, so flat is one bin; when the range outgrows them,
/// three neighbours become one, which keeps them centred and the memory fixed.
struct InventoryHistogram: Equatable, Sendable {
    private static let reach = 30

    private(set) var width: Double
    /// Nanoseconds in bin −reach … +reach.
    private var heldNs = [Int64](repeating: 0, count: 2 * reach + 1)

    /// - Parameter width: The finest bin; the lot size.
    init(width: Double) { self.width = width.isFinite && width > 0 ? width : 1 }

    mutating func add(position: Double, heldNs ns: Int64) {
        guard position.isFinite, ns > 0 else { return }
        while abs(position) / width > Double(Self.reach) + 0.499 { widen() }
        let bin = Int((position / width).rounded()) + Self.reach
        heldNs[max(0, min(heldNs.count - 1, bin))] &+= ns
    }

    /// From the lowest held bin to the highest.
    var bars: [(position: Double, heldNs: Int64)] {
        guard let first = heldNs.firstIndex(where: { $0 > 0 }), let last = heldNs.lastIndex(where: { $0 > 0 }) else {
            return []
        }
        return (first...last).map { (Double($0 - Self.reach) * width, heldNs[$0]) }
    }

    private mutating func widen() {
        var wider = [Int64](repeating: 0, count: heldNs.count)
        for (i, ns) in heldNs.enumerated() where ns > 0 {
            let bin = i - Self.reach
            wider[(bin + (bin < 0 ? -1 : 1)) / 3 + Self.reach] &+= ns
        }
        heldNs = wider
        width *= 3
    }
}
