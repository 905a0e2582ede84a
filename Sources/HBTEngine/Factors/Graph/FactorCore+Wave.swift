/// Waves, ticks and steps: which nodes are evaluated when.
extension FactorCore {
    /// What an evaluation is for.
    enum Pass { case wave, tick, step }

    /// Opens the wave of rows at `ns`; everything before it is evaluated first. The probes of the
    /// assets must be settled.
    @inline(__always) mutating func open(_ ns: Int64) {
        if isPending || nextTickNs < ns { close(before: ns) }
        waveNs = ns
        isPending = true
    }

    /// True when rows at `ns` belong to the wave that is open.
    @inline(__always) mutating func isOpen(at ns: Int64) -> Bool { isPending && waveNs == ns }

    @inline(never) mutating func close(before ns: Int64) {
        evaluateWave()
        while nextTickNs < ns { tick() }
    }

    /// Evaluates what is due by `ns`, and says at which time a read then takes place.
    mutating func flush(to ns: Int64) -> Int64 {
        evaluateWave()
        // Before the clock has started there is no time; then the last wave is now.
        let now = ns == .max ? lastNs : max(ns, lastNs)
        while nextTickNs <= now { tick() }
        return now
    }

    mutating func evaluateWave() {
        guard isPending else { return }
        isPending = false
        let ns = waveNs
        if hasWave {
            touch()
            dirty.formUnion(waveNodes, wordCount: wordCount)
            if ns >= minDueNs { touchDue(ns) }
        } else {
            begin(ns)
        }
        lastNs = ns
        waves &+= 1
        propagate(ns)
    }

    /// The first wave evaluates every node.
    private mutating func begin(_ ns: Int64) {
        hasWave = true
        firstWaveNs = ns
        for node in 0..<nodeCount { dirty.insert(node) }
        for asset in 0..<assetCount { probes[asset].touched = [] }
        for i in 0..<tickerCount {
            let every = steps[Int(tickers[i])].everyNs
            let past = ns % every
            let next = past == 0 ? ns : later(ns, by: past < 0 ? 0 &- past : every - past)
            nextTickNs = min(nextTickNs, next)
        }
    }

    @inline(__always) private mutating func touch() {
        for asset in 0..<assetCount {
            let touched = probes[asset].touched
            if touched.isEmpty { continue }
            probes[asset].touched = []
            let row = asset * wordCount
            for w in 0..<wordCount {
                if touched.contains(.depth) { dirty.words[w] |= depthNodes[row + w] }
                if touched.contains(.best) { dirty.words[w] |= bestNodes[row + w] }
                if touched.contains(.trade) { dirty.words[w] |= tradeNodes[row + w] }
            }
        }
    }

    private mutating func touchDue(_ ns: Int64) {
        var least = Int64.max
        for i in 0..<timedCount {
            let node = Int(timed[i])
            if due[node] <= ns { dirty.insert(node) } else { least = min(least, due[node]) }
        }
        minDueNs = least
    }

    @inline(__always) mutating func setDue(_ node: Int, _ ns: Int64) {
        due[node] = ns
        if ns < minDueNs { minDueNs = ns }
    }

    private mutating func propagate(_ ns: Int64) {
        guard wordCount > 1 else {
            // Most graphs fit one word: the set of nodes to visit stays in a register.
            var left = dirty.words[0]
            dirty.words[0] = 0
            var done: UInt64 = 0
            updated.words[0] = 0
            while left != 0 {
                let node = left.trailingZeroBitCount
                left &= left &- 1
                if evaluate(node, ns) {
                    done |= 1 << UInt64(node)
                    updated.words[0] = done
                    left |= dependents[node]
                }
            }
            return
        }
        updated.removeAll(wordCount: wordCount)
        for w in 0..<wordCount {
            while dirty.words[w] != 0 {
                let node = w << 6 + dirty.words[w].trailingZeroBitCount
                dirty.words[w] &= dirty.words[w] &- 1
                if evaluate(node, ns) {
                    updated.insert(node)
                    let row = node * wordCount
                    for k in w..<wordCount { dirty.words[k] |= dependents[row + k] }
                }
            }
        }
    }

    /// Lets the nodes that sample at multiples of an interval take theirs at `nextTickNs`.
    private mutating func tick() {
        let ns = nextTickNs
        var next = Int64.max
        for i in 0..<tickerCount {
            let node = Int(tickers[i])
            let every = steps[node].everyNs
            if ns % every == 0 { dirty.insert(node) }
            let past = ns % every
            next = min(next, later(ns, by: past < 0 ? 0 &- past : every - past))
        }
        nextTickNs = next
        sample(ns, .tick)
    }

    /// One strategy step at `ns`: the nodes with that clock take their sample.
    mutating func step(at ns: Int64) {
        let now = flush(to: ns)
        guard hasWave else {
            // Sums made by the engine exist before the first row does.
            for node in 0..<nodeCount where steps[node].op == .serialScore { _ = evaluate(node, now, between: .step) }
            return
        }
        dirty.formUnion(stepNodes, wordCount: wordCount)
        sample(now, .step)
    }

    /// Like a wave, but only for the nodes in `dirty` and what hangs on them; inputs are read at `ns`.
    private mutating func sample(_ ns: Int64, _ pass: Pass) {
        updated.removeAll(wordCount: wordCount)
        lastNs = ns
        for node in 0..<nodeCount {
            if dirty.contains(node) {
                dirty.words[node >> 6] &= ~(1 << UInt64(node & 63))
                if evaluate(node, ns, between: pass) {
                    updated.insert(node)
                    let row = node * wordCount
                    for k in 0..<wordCount { dirty.words[k] |= dependents[row + k] }
                }
            }
            if dependsOnTime[node] { scratch[node] = read(node, at: ns) }
        }
    }
}
