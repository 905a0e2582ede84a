extension PagedLevels {
    static var stateUnit: LevelColumns.Unit { .decimal }

    func collect(into columns: inout LevelColumns, besides base: PagedLevels?) {
        guard let base else {
            for page in 0..<pageCount {
                for word in 0..<Self.pageWords {
                    let sizes = pages[page].quantities + word << 6, mask = stored(sizes, count: 64)
                    if mask != 0 { columns.add(pages[page].number << 2 + Int64(word), mask, sizes) }
                }
            }
            return
        }
        let nothing = UnsafeMutablePointer<Double>.allocate(capacity: Self.pageTicks)
        nothing.initialize(repeating: 0, count: Self.pageTicks)
        defer { nothing.deallocate() }
        var mine = 0, theirs = 0
        while mine < pageCount || theirs < base.pageCount {
            let a = mine < pageCount ? pages[mine].number : .max, b = theirs < base.pageCount ? base.pages[theirs].number : .max
            let number = min(a, b)
            let sizes = a == number ? pages[mine].quantities : nothing, others = b == number ? base.pages[theirs].quantities : nothing
            for word in 0..<Self.pageWords where !areSame(sizes + word << 6, others + word << 6, count: 64) {
                columns.add(number << 2 + Int64(word), stored(sizes + word << 6, count: 64), sizes + word << 6)
            }
            if a == number { mine += 1 }
            if b == number { theirs += 1 }
        }
    }

    mutating func copy(from base: PagedLevels) { base.forEachStored { set($0, $1) } }

    mutating func restore(from columns: LevelColumns) throws(StateError) {
        guard columns.unit != .tape else { throw StateError("the levels of a book are those of a tape") }
        let sizes = columns.sizes()
        try columns.forEachWord { (number, mask, start) throws(StateError) in
            guard number >= Int64.min >> 6, number <= Int64.max >> 6 else { throw StateError("a level at no price") }
            var next = start
            for i in 0..<64 {
                let isStored = mask >> UInt64(i) & 1 != 0
                set(number << 6 + Int64(i), isStored ? sizes[next] : 0)
                if isStored { next += 1 }
            }
        }
    }
}
