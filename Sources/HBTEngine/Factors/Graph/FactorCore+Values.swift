/// What a node's windows and inputs give.
extension FactorCore {
    @inline(__always) mutating func bookValue(_ step: UnsafeMutablePointer<FactorStep>) -> Double {
        let probe = probes + Int(step.pointee.asset)
        switch step.pointee.op {
        case .mid: return probe.pointee.mid
        case .depthSum: return probe.pointee.windows[Int(step.pointee.index)].lots * probe.pointee.scale.lotSize
        case .depthDifference:
            let bid = probe.pointee.windows + Int(step.pointee.index), ask = probe.pointee.windows + Int(step.pointee.secondIndex)
            return (bid.pointee.lots - ask.pointee.lots) * probe.pointee.scale.lotSize
        default: return rareBookValue(step, probe)
        }
    }

    @inline(never) mutating func rareBookValue(_ step: UnsafeMutablePointer<FactorStep>, _ probe: UnsafeMutablePointer<AssetProbe>) -> Double {
        let bid = probe.pointee.bestBid, ask = probe.pointee.bestAsk
        switch step.pointee.op {
        case .micro:
            let bidSize = probe.pointee.bidQuantity, askSize = probe.pointee.askQuantity
            return (bid * askSize + ask * bidSize) / (bidSize + askSize)
        case .spreadPrice: return ask - bid
        case .spreadTicks: return probe.pointee.isTwoSided ? Double(probe.pointee.bestAskTick &- probe.pointee.bestBidTick) : .nan
        case .spreadBps: return (ask - bid) / probe.pointee.mid * 10_000
        case .pairedPrice: return probe.pointee.pairs[Int(step.pointee.index)].price
        default: return rangeValue(step, probe)
        }
    }

    /// From the ranges of both sides.
    private mutating func rangeValue(_ step: UnsafeMutablePointer<FactorStep>, _ probe: UnsafeMutablePointer<AssetProbe>) -> Double {
        let bid = probe.pointee.windows + Int(step.pointee.index), ask = probe.pointee.windows + Int(step.pointee.secondIndex)
        let bids = bid.pointee.lots, asks = ask.pointee.lots
        if bids.isNaN || asks.isNaN { return .nan }
        let tickSize = probe.pointee.scale.tickSize
        switch step.pointee.op {
        case .depthImbalance:
            return bids + asks == 0 ? 0 : (bids - asks) / (bids + asks)
        case .depthPrice:
            return bids + asks == 0 ? .nan : (bid.pointee.moment.value + ask.pointee.moment.value) / (bids + asks) * tickSize
        default:
            guard bids > 0, asks > 0 else { return .nan }
            return (bid.pointee.moment.value / bids * asks + ask.pointee.moment.value / asks * bids) / (bids + asks) * tickSize
        }
    }

    @inline(__always) mutating func flowValue(_ step: UnsafeMutablePointer<FactorStep>) -> Double {
        let flow = flows + Int(step.pointee.index)
        if step.pointee.op == .volume { return flow.pointee.net.lots * probes[Int(step.pointee.asset)].scale.lotSize }
        return flow.pointee.gross.isZero ? 0 : flow.pointee.net.lots / flow.pointee.gross.lots
    }

    mutating func squareValue(_ step: UnsafeMutablePointer<FactorStep>) -> Double {
        let window = squares + Int(step.pointee.index)
        return squareValue(step, window, window.pointee.value, newest: window.pointee.ring.newest.pointee)
    }

    @inline(__always) mutating func squareValue(
        _ step: UnsafeMutablePointer<FactorStep>, _ window: UnsafeMutablePointer<RollingSums<SquareLanes>>, _ totals: SIMD2<Double>,
        newest: @autoclosure () -> Double
    ) -> Double {
        if step.pointee.op == .mean {
            return window.pointee.count == 0 ? .nan : window.pointee.origin + totals[0] / Double(window.pointee.count)
        }
        let shift = totals[0] * window.pointee.share
        guard window.pointee.n > step.pointee.ddof else { return 0 }
        let spread = totals[1] - totals[0] * shift
        let variance = (spread > 0 ? spread : 0) * window.pointee.freedom
        let deviation = variance.squareRoot()
        if step.pointee.op == .deviation { return deviation }
        if deviation < step.pointee.guardBand { return 0 }
        let distance = (newest() - window.pointee.origin) - shift
        // The division does not wait for the root, unless the variance may be too small to divide by.
        return step.pointee.guardBand >= 1e-50 ? distance / variance * deviation : distance / deviation
    }

    mutating func pairValue(_ step: UnsafeMutablePointer<FactorStep>) -> Double {
        let window = pairs + Int(step.pointee.index)
        let n = Double(window.pointee.count)
        let s = window.pointee.value
        let x = s[2] - s[0] * s[0] / n, y = s[3] - s[1] * s[1] / n, cross = s[4] - s[0] * s[1] / n
        let slope = n >= 2 && x > 0 ? cross / x : 0
        switch step.pointee.op {
        case .correlation, .determination:
            guard n >= 2, x > 0, y > 0 else { return 0 }
            let r = min(max(cross / (x.squareRoot() * y.squareRoot()), -1), 1)
            return step.pointee.op == .correlation ? r : r * r
        case .slope: return slope
        default: break
        }
        guard n > 0 else { return .nan }
        let origin = window.pointee.origin, newest = window.pointee.ring.newest.pointee
        let meanX = origin[0] + s[0] / n, meanY = origin[1] + s[1] / n
        switch step.pointee.op {
        case .intercept: return meanY - slope * meanX
        case .prediction: return meanY + slope * ((newest[0] - origin[0]) - s[0] / n)
        default: return ((newest[1] - origin[1]) - s[1] / n) - slope * ((newest[0] - origin[0]) - s[0] / n)
        }
    }

    mutating func orderedValue(_ step: UnsafeMutablePointer<FactorStep>) -> Double {
        let index = Int(step.pointee.index)
        switch step.pointee.op {
        case .skew: return skewness(cubes + index)
        case .minimum, .maximum: return extremes[index].value
        case .quantile: return quantiles[index].value
        case .windowSum: return sums[index].value
        default:
            let low = quantiles + index, high = quantiles + Int(step.pointee.secondIndex)
            guard low.pointee.ring.count > 0 else { return .nan }
            return min(max(low.pointee.ring.newest.pointee, low.pointee.value), high.pointee.value)
        }
    }

    /// The adjusted Fisher–Pearson coefficient G1.
    private mutating func skewness(_ window: UnsafeMutablePointer<RollingSums<CubeLanes>>) -> Double {
        let n = Double(window.pointee.count)
        guard n >= 3 else { return 0 }
        let s = window.pointee.value
        let mean = s[0] / n
        let second = (s[1] - s[0] * mean) / n
        guard second > 0 else { return 0 }
        let third = (s[2] - 3 * mean * s[1] + 2 * n * mean * mean * mean) / n
        return third / (second * second.squareRoot()) * (n * (n - 1)).squareRoot() / (n - 2)
    }

    mutating func arithmetic(_ step: UnsafeMutablePointer<FactorStep>, isRead: Bool) -> Double {
        let first = inputs + Int(step.pointee.inputs)
        let n = Int(step.pointee.inputCount)
        switch step.pointee.op {
        case .difference:
            return input(step.pointee.a, isRead) - input(step.pointee.b, isRead)
        case .volumeDifference:
            let flow = flows[Int(step.pointee.index)].net - flows[Int(step.pointee.secondIndex)].net
            return flow.lots * probes[Int(step.pointee.asset)].scale.lotSize
        case .ratio:
            let b = input(step.pointee.b, isRead)
            return b == 0 ? 0 : input(step.pointee.a, isRead) / b
        case .sum:
            var total = 0.0
            for i in 0..<n { total += input(first[i], isRead) }
            return total
        case .product:
            var total = 1.0
            for i in 0..<n { total *= input(first[i], isRead) }
            return total
        case .clip:
            let x = input(step.pointee.a, isRead)
            return x < step.pointee.low ? step.pointee.low : (x > step.pointee.high ? step.pointee.high : x)
        case .log:
            let x = input(step.pointee.a, isRead)
            return x > 0 ? naturalLog(x) : .nan
        default:
            let node = combines + Int(step.pointee.index)
            let weight = weights + Int(node.pointee.weights)
            var total = 0.0
            for i in 0..<n { total += weight[i] * input(first[i], isRead) }
            return step.pointee.op == .combine ? total : activated(node, total, isRead)
        }
    }

    @inline(never) private mutating func activated(_ node: UnsafeMutablePointer<CombineNode>, _ sum: Double, _ isRead: Bool) -> Double {
        var total = node.pointee.bias + sum
        let first = interactions + Int(node.pointee.interactions)
        for i in 0..<Int(node.pointee.interactionCount) {
            total += first[i].weight * input(first[i].a, isRead) * input(first[i].b, isRead)
        }
        return node.pointee.activation.apply(node.pointee.gain * total)
    }
}
