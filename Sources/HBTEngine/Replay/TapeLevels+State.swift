extension TapeLevels {
    static var stateUnit: LevelColumns.Unit { .tape }

    func collect(into columns: inout LevelColumns, besides base: TapeLevels?) {
        let last = width >> 6 - 1
        var next = 0
        while true {
            let word = min(wordUp(next, to: last), base?.wordUp(next, to: last) ?? .max)
            if word > last { break }
            next = word + 1
            let mask: UInt64
            if let base {
                if isSame(word, base) { continue }
                mask = marks(word)
            } else {
                mask = isEmptyBlock(ofWord: word) ? 0 : marks(word)
                if mask == 0 { continue }
            }
            columns.add(Int64(word), mask, cells + word << 6)
        }
    }

    @inline(__always) private func isSame(_ word: Int, _ base: TapeLevels) -> Bool {
        let mine = cells + word << 6, others = base.cells + word << 6
        var different: Int32 = 0
        for i in 0..<64 { different |= mine[i] ^ others[i] }
        // Our own orders' marks make no difference.
        if different & .max == 0 { return true }
        return false
    }

    mutating func copy(from base: TapeLevels) {
        let last = width >> 6 - 1
        var word = base.wordUp(0, to: last)
        while word <= last {
            let mask = base.marks(word)
            if mask != 0 { put(word, mask, base.cells + word << 6) { $0 } }
            word = base.wordUp(word + 1, to: last)
        }
    }

    mutating func restore(from columns: LevelColumns) throws(StateError) {
        let sizes = try columns.cells()
        try columns.forEachWord { (number, mask, start) throws(StateError) in
            guard number >= 0, number < Int64(width >> 6) else { throw StateError("the levels of a book do not fit its tape") }
            let word = Int(number)
            for i in 0..<64 where cells[word << 6 + i] != 0 { change(word << 6 + i, to: 0) }
            sizes.withUnsafeBufferPointer { all in
                guard let first = all.baseAddress else { return }
                var next = start
                put(word, mask, first) { _ in
                    defer { next += 1 }
                    return next
                }
            }
        }
    }

    /// Stores a size for every bit of `mask`: `sizes[place(bit)]`.
    @inline(__always)
    private func put(_ word: Int, _ mask: UInt64, _ sizes: UnsafePointer<Int32>, _ place: (Int) -> Int) {
        var rest = mask
        while rest != 0 {
            let i = rest.trailingZeroBitCount
            rest &= rest &- 1
            change(word << 6 + i, to: sizes[place(i)] & .max)
        }
    }

    @inline(__always) private func change(_ cell: Int, to lots: Int32) {
        if let blocks { blocks[(cell >> 8) * 4] &+= Int64(lots) &- Int64(cells[cell] & .max) }
        if let bits { Self.mark(bits, cell, lots) }
        serial?[cell >> 6].change(from: cells[cell] & .max, to: lots & .max, lotSize: lotSize, value: lotValue)
        Self.touch(touched, cell)
        cells[cell] = lots
    }
}
