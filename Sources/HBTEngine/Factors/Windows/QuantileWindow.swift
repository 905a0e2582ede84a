/// A quantile of a window: a heap of the values below it and one of those above, each value knowing
/// its place, so that the oldest can leave from anywhere. O(log n) a value, O(1) to read.
///
/// Linear between neighbours at position (n − 1)·q, as numpy's default.
struct QuantileWindow: BitwiseCopyable {
    private(set) var ring: WindowRing<Double>
    private let q: Double
    /// Values and places by slot; a slot is the number of the push modulo the capacity.
    private var values: UnsafeMutablePointer<Double>
    /// Place + 1 in the low heap, −(place + 1) in the high heap.
    private var places: UnsafeMutablePointer<Int32>
    private var low: UnsafeMutablePointer<Int32>
    private var high: UnsafeMutablePointer<Int32>
    private var lowCount = 0
    private var highCount = 0
    private var mask = 63
    private var pushes = 0

    init(_ span: WindowSpan, q: Double) {
        ring = WindowRing(span)
        self.q = q
        values = .allocate(capacity: 64)
        places = .allocate(capacity: 64)
        low = .allocate(capacity: 64)
        high = .allocate(capacity: 64)
    }

    func deallocate() {
        ring.deallocate()
        values.deallocate()
        places.deallocate()
        low.deallocate()
        high.deallocate()
    }

    /// NaN when the window is empty.
    var value: Double {
        let n = lowCount + highCount
        guard n > 0 else { return .nan }
        let position = Double(n - 1) * q
        let below = values[Int(low[0])]
        let fraction = position - Double(lowCount - 1)
        return fraction == 0 || highCount == 0 ? below : below + (values[Int(high[0])] - below) * fraction
    }

    mutating func push(_ x: Double, at ns: Int64) {
        if ring.limit != 0 && ring.isFull {
            remove(slot: (pushes - ring.count) & mask)
            _ = ring.replaceOldest(with: x)
        } else {
            if ring.count > mask { grow() }
            ring.append(x, at: ns)
        }
        let slot = pushes & mask
        values[slot] = x
        pushes += 1
        if lowCount > 0 && x < values[Int(low[0])] {
            insertLow(Int32(slot))
        } else {
            insertHigh(Int32(slot))
        }
        balance()
    }

    mutating func expire(to ns: Int64) {
        while ring.isExpired(at: ns) {
            remove(slot: (pushes - ring.count) & mask)
            _ = ring.removeOldest()
            balance()
        }
    }

    /// The low heap holds ⌊(n − 1)·q⌋ + 1 values.
    private mutating func balance() {
        let n = lowCount + highCount
        let wanted = n == 0 ? 0 : min(n, Int(Double(n - 1) * q) + 1)
        while lowCount < wanted {
            let slot = high[0]
            removeHigh(at: 0)
            insertLow(slot)
        }
        while lowCount > wanted {
            let slot = low[0]
            removeLow(at: 0)
            insertHigh(slot)
        }
    }

    private mutating func remove(slot: Int) {
        let place = Int(places[slot])
        if place > 0 { removeLow(at: place - 1) } else { removeHigh(at: -place - 1) }
    }

    // MARK: the two heaps: largest of the low one first, smallest of the high one first

    private mutating func insertLow(_ slot: Int32) {
        lowCount += 1
        riseLow(lowCount - 1, slot)
    }

    private mutating func insertHigh(_ slot: Int32) {
        highCount += 1
        riseHigh(highCount - 1, slot)
    }

    private mutating func removeLow(at place: Int) {
        lowCount -= 1
        guard place < lowCount else { return }
        let slot = low[lowCount]
        if place > 0 && values[Int(low[(place - 1) / 2])] < values[Int(slot)] { riseLow(place, slot) } else { sinkLow(place, slot) }
    }

    private mutating func removeHigh(at place: Int) {
        highCount -= 1
        guard place < highCount else { return }
        let slot = high[highCount]
        if place > 0 && values[Int(high[(place - 1) / 2])] > values[Int(slot)] { riseHigh(place, slot) } else { sinkHigh(place, slot) }
    }

    private mutating func riseLow(_ start: Int, _ slot: Int32) {
        var at = start
        let x = values[Int(slot)]
        while at > 0 {
            let parent = (at - 1) / 2
            if values[Int(low[parent])] >= x { break }
            setLow(at, low[parent])
            at = parent
        }
        setLow(at, slot)
    }

    private mutating func riseHigh(_ start: Int, _ slot: Int32) {
        var at = start
        let x = values[Int(slot)]
        while at > 0 {
            let parent = (at - 1) / 2
            if values[Int(high[parent])] <= x { break }
            setHigh(at, high[parent])
            at = parent
        }
        setHigh(at, slot)
    }

    private mutating func sinkLow(_ start: Int, _ slot: Int32) {
        var at = start
        let x = values[Int(slot)]
        while 2 * at + 1 < lowCount {
            var child = 2 * at + 1
            if child + 1 < lowCount && values[Int(low[child + 1])] > values[Int(low[child])] { child += 1 }
            if values[Int(low[child])] <= x { break }
            setLow(at, low[child])
            at = child
        }
        setLow(at, slot)
    }

    private mutating func sinkHigh(_ start: Int, _ slot: Int32) {
        var at = start
        let x = values[Int(slot)]
        while 2 * at + 1 < highCount {
            var child = 2 * at + 1
            if child + 1 < highCount && values[Int(high[child + 1])] < values[Int(high[child])] { child += 1 }
            if values[Int(high[child])] >= x { break }
            setHigh(at, high[child])
            at = child
        }
        setHigh(at, slot)
    }

    @inline(__always) private mutating func setLow(_ place: Int, _ slot: Int32) {
        low[place] = slot
        places[Int(slot)] = Int32(place + 1)
    }

    @inline(__always) private mutating func setHigh(_ place: Int, _ slot: Int32) {
        high[place] = slot
        places[Int(slot)] = -Int32(place + 1)
    }

    /// Twice the slots; every value gets the slot of its push under the new mask.
    private mutating func grow() {
        let oldMask = mask
        let capacity = (mask + 1) * 2
        precondition(capacity <= 1 << 30, "a quantile window holds at most 2³⁰ values")
        mask = capacity - 1
        let freshValues = UnsafeMutablePointer<Double>.allocate(capacity: capacity)
        let freshPlaces = UnsafeMutablePointer<Int32>.allocate(capacity: capacity)
        let freshLow = UnsafeMutablePointer<Int32>.allocate(capacity: capacity)
        let freshHigh = UnsafeMutablePointer<Int32>.allocate(capacity: capacity)
        for push in (pushes - ring.count)..<pushes {
            let slot = push & mask, old = push & oldMask
            freshValues[slot] = values[old]
            let place = places[old]
            freshPlaces[slot] = place
            if place > 0 { freshLow[Int(place) - 1] = Int32(slot) } else { freshHigh[-Int(place) - 1] = Int32(slot) }
        }
        values.deallocate()
        places.deallocate()
        low.deallocate()
        high.deallocate()
        values = freshValues
        places = freshPlaces
        low = freshLow
        high = freshHigh
    }

    // MARK: state

    /// The value is a function of the window's contents alone, so these are all that is kept.
    func encode(into out: inout StateWriter) {
        out.begin("QUAN")
        ring.encode(into: &out)
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try input.expect("QUAN")
        var stored = ring
        try stored.restore(from: &input)
        // The ring may have moved while it grew.
        ring = stored
        lowCount = 0
        highCount = 0
        pushes = 0
        let count = ring.count
        var fresh = WindowRing<Double>(ring.isTimed ? .time(ns: ring.spanNs) : .count(ring.limit))
        swap(&ring, &fresh)
        for i in 0..<count { push(fresh[i], at: fresh.isTimed ? fresh.time(i) : 0) }
        fresh.deallocate()
    }
}
