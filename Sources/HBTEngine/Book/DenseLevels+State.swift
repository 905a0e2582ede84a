extension DenseLevels {
    static var stateUnit: LevelColumns.Unit { .decimal }

    func collect(into columns: inout LevelColumns, besides base: DenseLevels?) {
        for word in 0..<words {
            let sizes = quantities + word << 6, room = min(64, count - word << 6)
            if let base {
                let isEmpty = bits[word] | base.bits[word] == 0 && !hasUnmarked && !base.hasUnmarked
                if isEmpty || (bits[word] == base.bits[word] && areSame(sizes, base.quantities + word << 6, count: room)) { continue }
            } else if bits[word] == 0 && !hasUnmarked {
                continue
            }
            let mask = hasUnmarked ? stored(sizes, count: room) : bits[word]
            if mask != 0 || base != nil { columns.add(Int64(word), mask, sizes) }
        }
    }

    mutating func copy(from base: DenseLevels) {
        precondition(words == base.words && count == base.count, "levels are copied between books of one range")
        for word in 0..<words where base.bits[word] != 0 || base.hasUnmarked {
            (quantities + word << 6).update(from: base.quantities + word << 6, count: min(64, count - word << 6))
            bits[word] = base.bits[word]
        }
        hasUnmarked = base.hasUnmarked
    }

    mutating func restore(from columns: LevelColumns) throws(StateError) {
        guard columns.unit != .tape else { throw StateError("the levels of a book are those of a tape") }
        let sizes = columns.sizes()
        try columns.forEachWord { (number, mask, start) throws(StateError) in
            guard number >= 0, number < Int64(words), number << 6 + Int64(63 - mask.leadingZeroBitCount) < Int64(count) else {
                throw StateError("the levels of a book do not fit its range of interest")
            }
            let word = Int(number), target = quantities + word << 6
            target.update(repeating: 0, count: min(64, count - word << 6))
            var rest = mask, positive = mask, next = start
            while rest != 0 {
                let i = rest.trailingZeroBitCount
                rest &= rest &- 1
                target[i] = sizes[next]
                if !(sizes[next] > 0) {
                    positive &= ~(1 &<< UInt64(i))
                    hasUnmarked = true
                }
                next += 1
            }
            bits[word] = positive
        }
    }
}
