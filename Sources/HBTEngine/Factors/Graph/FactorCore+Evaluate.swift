/// One node at one moment: its samples taken, its windows moved on, its value stored.
extension FactorCore {
    /// Stores a value; true when it differs from the one before (NaN equals NaN).
    @inline(__always) mutating func store(_ node: Int, _ value: Double) -> Bool {
        let old = values[node]
        if old == value { return false }
        if value.isNaN { return storeUndefined(node) }
        values[node] = value
        hasValue[node] = true
        return true
    }

    @inline(never) private mutating func storeUndefined(_ node: Int) -> Bool {
        if values[node].isNaN { return false }
        values[node] = .nan
        return true
    }

    /// Value of an input; `isRead` takes it as read at the moment of a step or tick.
    @inline(__always) mutating func input(_ node: Int32, _ isRead: Bool) -> Double {
        isRead && dependsOnTime[Int(node)] ? scratch[Int(node)] : values[Int(node)]
    }

    /// True when the node's clock strikes in this pass.
    @inline(__always) private mutating func strikes(_ step: UnsafeMutablePointer<FactorStep>, _ ns: Int64, _ pass: Pass) -> Bool {
        switch step.pointee.clock {
        case .update:
            updated.contains(Int(step.pointee.a)) || (step.pointee.b >= 0 && updated.contains(Int(step.pointee.b)))
        case .wave: pass == .wave
        case .step: pass == .step
        case .every: pass == .tick && ns % step.pointee.everyNs == 0
        }
    }

    /// The sample to take now; NaN for none. Undefined inputs are not taken.
    @inline(__always) private mutating func sample(_ step: UnsafeMutablePointer<FactorStep>, _ ns: Int64, _ pass: Pass) -> Double {
        strikes(step, ns, pass) ? input(step.pointee.a, pass != .wave) : .nan
    }

    @inline(__always) private mutating func note(_ node: Int, _ ns: Int64) {
        samples[node] &+= 1
        if startNs[node] == .max { startNs[node] = ns }
    }

    /// Evaluates a node in a wave; true when it counts as updated.
    ///
    /// What is a few instructions is done here; windows and everything rare have functions of their own, whose
    /// registers the others would have to save.
    mutating func evaluate(_ node: Int, _ ns: Int64) -> Bool {
        let step = steps + node
        switch step.pointee.op {
        case .mid:
            return store(node, probes[Int(step.pointee.asset)].mid)
        case .depthSum, .depthDifference:
            return store(node, bookValue(step))
        case .difference:
            return store(node, values[Int(step.pointee.a)] - values[Int(step.pointee.b)])
        case .ratio:
            let b = values[Int(step.pointee.b)]
            return store(node, b == 0 ? 0 : values[Int(step.pointee.a)] / b)
        case .combine:
            // The usual number without a loop.
            guard step.pointee.inputCount == 3 else { return evaluateCombine(node, step) }
            let ids = inputs + Int(step.pointee.inputs), weight = weights + Int(step.pointee.secondIndex)
            let first = 0 + weight[0] * values[Int(ids[0])]
            return store(node, first + weight[1] * values[Int(ids[1])] + weight[2] * values[Int(ids[2])])
        case .mean, .deviation, .zscore:
            return step.pointee.isPlain ? evaluatePlainSquares(node, step, ns) : evaluateSquares(node, step, ns, .wave)
        case .volume, .tradeImbalance:
            return evaluateFlow(node, step, ns)
        case .returns:
            return evaluateReturns(node, step, ns)
        default:
            return evaluateRare(node, step, ns, .wave)
        }
    }

    /// The same between waves, at a tick or a strategy step: inputs count as read at that moment.
    @inline(never) mutating func evaluate(_ node: Int, _ ns: Int64, between pass: Pass) -> Bool {
        let step = steps + node
        switch step.pointee.op {
        case .mid, .depthSum, .depthDifference:
            return store(node, bookValue(step))
        case .mean, .deviation, .zscore:
            return evaluateSquares(node, step, ns, pass)
        case .volume, .tradeImbalance:
            return evaluateFlow(node, step, ns)
        case .returns:
            // Waves alone make samples of it.
            return false
        default:
            return step.pointee.op.isArithmetic ? store(node, arithmetic(step, isRead: true)) : evaluateRare(node, step, ns, pass)
        }
    }

    @inline(never) private mutating func evaluateCombine(_ node: Int, _ step: UnsafeMutablePointer<FactorStep>) -> Bool {
        let n = Int(step.pointee.inputCount)
        let ids = inputs + Int(step.pointee.inputs), weight = weights + Int(step.pointee.secondIndex)
        var total = 0.0, i = 0
        while i < n {
            total += weight[i] * values[Int(ids[i])]
            i &+= 1
        }
        return store(node, total)
    }

    /// Once the window is full, everything about it is known but the sample; without one nothing changes.
    @inline(never) private mutating func evaluatePlainSquares(_ node: Int, _ step: UnsafeMutablePointer<FactorStep>, _ ns: Int64) -> Bool {
        let window = squares + Int(step.pointee.index)
        guard window.pointee.ring.isFull else { return evaluateSquares(node, step, ns, .wave) }
        let x = values[Int(step.pointee.a)]
        guard updated.contains(Int(step.pointee.a)), isSample(x) else { return false }
        samples[node] &+= 1
        let totals = window.pointee.slide(x)
        return store(node, squareValue(step, window, totals, newest: x)) || step.pointee.isAlwaysUpdated
    }

    @inline(never) private mutating func evaluateSquares(_ node: Int, _ step: UnsafeMutablePointer<FactorStep>, _ ns: Int64, _ pass: Pass) -> Bool {
        let window = squares + Int(step.pointee.index)
        if step.pointee.isTimed { window.pointee.expire(to: ns) }
        let x = sample(step, ns, pass)
        let isTaken = isSample(x)
        if isTaken {
            window.pointee.push(x, at: ns)
            note(node, ns)
        } else if step.pointee.isPlain && window.pointee.ring.isFull {
            return false
        }
        if step.pointee.isTimed { setDue(node, window.pointee.ring.dueNs) }
        return store(node, squareValue(step)) || (isTaken && step.pointee.isAlwaysUpdated)
    }

    @inline(never) private mutating func evaluateReturns(_ node: Int, _ step: UnsafeMutablePointer<FactorStep>, _ ns: Int64) -> Bool {
        let sampler = returns + Int(step.pointee.index)
        let isReturn = sampler.pointee.sample(values[Int(step.pointee.a)], at: ns)
        setDue(node, sampler.pointee.dueNs)
        guard isReturn else { return false }
        note(node, ns)
        _ = store(node, sampler.pointee.value)
        return true
    }

    @inline(never) private mutating func evaluateFlow(_ node: Int, _ step: UnsafeMutablePointer<FactorStep>, _ ns: Int64) -> Bool {
        let flow = flows + Int(step.pointee.index)
        if startNs[node] == .max { startNs[node] = firstWaveNs }
        flow.pointee.expire(to: ns)
        setDue(node, flow.pointee.ring.dueNs)
        return store(node, flowValue(step))
    }

    @inline(never) private mutating func evaluateRare(_ node: Int, _ step: UnsafeMutablePointer<FactorStep>, _ ns: Int64, _ pass: Pass) -> Bool {
        let index = Int(step.pointee.index)
        switch step.pointee.op {
        case .micro, .spreadPrice, .spreadTicks, .spreadBps, .depthImbalance, .depthPrice, .effectivePrice, .pairedPrice:
            return store(node, rareBookValue(step, probes + Int(step.pointee.asset)))
        case .serialDifference:
            return false
        case .volumeDifference, .sum, .product, .clip, .log, .nonlinear:
            return store(node, arithmetic(step, isRead: false))
        case .tradePrice:
            if startNs[node] == .max { startNs[node] = firstWaveNs }
            if step.pointee.isTimed {
                prices[index].expire(to: ns)
                setDue(node, prices[index].ring.dueNs)
            }
            return store(node, prices[index].mean * probes[Int(step.pointee.asset)].scale.tickSize)
        case .orderFlow:
            return orderFlow(node, step, ns, pass)
        case .correlation, .slope, .intercept, .determination, .residual, .prediction:
            if step.pointee.isTimed { pairs[index].expire(to: ns) }
            let x = sample(step, ns, pass)
            let y = input(step.pointee.b, pass != .wave)
            if isSample(x) && isSample(y) {
                pairs[index].push(SIMD2(x, y), at: ns)
                note(node, ns)
            }
            if step.pointee.isTimed { setDue(node, pairs[index].ring.dueNs) }
            return store(node, pairValue(step))
        case .average:
            let x = sample(step, ns, pass)
            if isSample(x) {
                averages[index].push(x, at: ns)
                note(node, ns)
            }
            if averages[index].isTimed { setDue(node, averages[index].count > 0 ? .min : .max) }
            return store(node, averages[index].value(at: ns))
        case .serialScore:
            let x = sample(step, ns, pass)
            if strikes(step, ns, pass) {
                serials[index].push(x, mayWait: step.pointee.isLeaf)
                note(node, ns)
            }
            if serials[index].bounds != nil {
                // It is a number, whichever.
                hasValue[node] = true
                return false
            }
            if serials[index].isOwed { return false }
            return store(node, serials[index].value())
        case .lag:
            let x = sample(step, ns, pass)
            var isMoved = false
            if isSample(x) {
                isMoved = lags[index].push(x, at: ns)
                note(node, ns)
            }
            if lags[index].expire(to: ns) { isMoved = true }
            if step.pointee.isTimed { setDue(node, lags[index].dueNs) }
            return store(node, lags[index].value) || isMoved
        default:
            return evaluateOrdered(node, step, ns, pass)
        }
    }

    /// Windows kept in order of size, and sums.
    private mutating func evaluateOrdered(_ node: Int, _ step: UnsafeMutablePointer<FactorStep>, _ ns: Int64, _ pass: Pass) -> Bool {
        expire(node, step, to: ns)
        let index = Int(step.pointee.index)
        let x = sample(step, ns, pass)
        if isSample(x) {
            note(node, ns)
            switch step.pointee.op {
            case .skew: cubes[index].push(x, at: ns)
            case .minimum, .maximum: extremes[index].push(x, at: ns)
            case .quantile: quantiles[index].push(x, at: ns)
            case .winsorise:
                quantiles[index].push(x, at: ns)
                quantiles[Int(step.pointee.secondIndex)].push(x, at: ns)
            case .windowSum: sums[index].push(x, at: ns)
            default: preconditionFailure("a node without a window is evaluated as one")
            }
        }
        if step.pointee.isTimed { setDue(node, dueNs(step)) }
        return store(node, orderedValue(step))
    }

    private mutating func orderFlow(_ node: Int, _ step: UnsafeMutablePointer<FactorStep>, _ ns: Int64, _ pass: Pass) -> Bool {
        let index = Int(step.pointee.index)
        let probe = probes + Int(step.pointee.asset)
        if startNs[node] == .max { startNs[node] = firstWaveNs }
        if step.pointee.isTimed { orderFlows[index].window.expire(to: ns) }
        if pass == .wave {
            var top: OrderFlowWindow.Top?
            if probe.pointee.isTwoSided {
                top = OrderFlowWindow.Top(
                    bidTick: probe.pointee.bestBidTick, askTick: probe.pointee.bestAskTick,
                    bid: probe.pointee.scale.quantity(probe.pointee.bidQuantity), ask: probe.pointee.scale.quantity(probe.pointee.askQuantity))
            }
            if orderFlows[index].push(top, at: ns, isEveryWave: step.pointee.clock == .wave) { samples[node] &+= 1 }
        }
        if step.pointee.isTimed { setDue(node, orderFlows[index].window.ring.dueNs) }
        return store(node, orderFlows[index].value.lots * probe.pointee.scale.lotSize)
    }
}
