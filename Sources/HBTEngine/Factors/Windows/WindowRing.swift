/// The values of a window, oldest first, in raw memory that grows by doubling and never shrinks.
///
/// A count window drops its oldest value when it is full; a time window keeps the time of each
/// value and drops by `expired`. The owner calls `deallocate()`.
struct WindowRing<Element: BitwiseCopyable>: BitwiseCopyable {
    private(set) var elements: UnsafeMutablePointer<Element>
    private(set) var times: UnsafeMutablePointer<Int64>?
    private(set) var capacity: Int
    /// Where the oldest value lies.
    private(set) var head = 0
    private(set) var count = 0
    /// Most values a count window holds; 0 for a time window.
    let limit: Int
    /// Length of a time window; 0 for a count window.
    let spanNs: Int64

    init(_ span: WindowSpan) {
        switch span {
        case .count(let n):
            precondition(n > 0, "a window holds at least one value")
            limit = n
            spanNs = 0
            capacity = min(n, 64)
            times = nil
        case .time(let ns):
            precondition(ns > 0, "a window lasts longer than nothing")
            limit = 0
            spanNs = ns
            capacity = 64
            times = .allocate(capacity: 64)
        }
        elements = .allocate(capacity: capacity)
    }

    func deallocate() {
        elements.deallocate()
        times?.deallocate()
    }

    @inline(__always) var isTimed: Bool { limit == 0 }
    @inline(__always) var isFull: Bool { count == limit }

    @inline(__always) private func place(_ i: Int) -> Int {
        let at = head &+ i
        return at >= capacity ? at &- capacity : at
    }

    /// The i-th value from the oldest.
    @inline(__always) subscript(i: Int) -> Element {
        get { elements[place(i)] }
        nonmutating set { elements[place(i)] = newValue }
    }
    @inline(__always) func time(_ i: Int) -> Int64 { times.unsafelyUnwrapped[place(i)] }
    @inline(__always) var newest: UnsafeMutablePointer<Element> { elements + place(count &- 1) }

    @inline(__always) var newestTime: Int64 { times.unsafelyUnwrapped[place(count &- 1)] }
    @inline(__always) private var oldestTime: Int64 { times.unsafelyUnwrapped[head] }

    /// When a time window loses its oldest value: the first time at which it lies outside.
    @inline(__always) var dueNs: Int64 {
        count == 0 || limit != 0 ? .max : later(oldestTime, by: spanNs &+ 1)
    }

    /// Adds a value; a count window must have room (`replaceOldest` when full).
    @inline(__always) mutating func append(_ element: Element, at ns: Int64) {
        if count == capacity { grow() }
        let at = place(count)
        elements[at] = element
        if limit == 0 { times.unsafelyUnwrapped[at] = ns }
        count &+= 1
    }

    /// Puts a value in the place of the oldest one, which is returned.
    @inline(__always) mutating func replaceOldest(with element: Element) -> Element {
        let old = elements[head]
        elements[head] = element
        advance()
        return old
    }

    @inline(__always) mutating func removeOldest() -> Element {
        let old = elements[head]
        advance()
        count &-= 1
        return old
    }

    @inline(__always) private mutating func advance() {
        let next = head &+ 1
        head = next == capacity ? 0 : next
    }

    @inline(__always) func isExpired(at ns: Int64) -> Bool {
        count > 0 && oldestTime < earlier(ns, by: spanNs)
    }

    private mutating func grow() {
        let wanted = limit == 0 ? capacity * 2 : min(capacity * 2, limit)
        let fresh = UnsafeMutablePointer<Element>.allocate(capacity: wanted)
        for i in 0..<count { fresh[i] = self[i] }
        if let times {
            let freshTimes = UnsafeMutablePointer<Int64>.allocate(capacity: wanted)
            for i in 0..<count { freshTimes[i] = times[place(i)] }
            times.deallocate()
            self.times = freshTimes
        }
        elements.deallocate()
        elements = fresh
        capacity = wanted
        head = 0
    }

    /// Holds `count` times `element`, of a count window, from now on.
    mutating func fill(_ element: Element, count wanted: Int) {
        (head, count) = (0, 0)
        for _ in 0..<wanted { append(element, at: 0) }
    }

    // MARK: state

    func encode(into out: inout StateWriter) {
        out.begin("RING")
        out.putRaw((0..<count).map { self[$0] })
        out.putRaw(isTimed ? (0..<count).map { time($0) } : [])
    }

    mutating func restore(from input: inout StateReader) throws(StateError) {
        try input.expect("RING")
        let stored = try input.raw(Element.self)
        let storedTimes = try input.raw(Int64.self)
        guard storedTimes.count == (isTimed ? stored.count : 0), isTimed || stored.count <= limit else {
            throw StateError("a window of \(stored.count) values does not fit its definition")
        }
        head = 0
        count = 0
        for i in 0..<stored.count { append(stored[i], at: isTimed ? storedTimes[i] : 0) }
    }
}
