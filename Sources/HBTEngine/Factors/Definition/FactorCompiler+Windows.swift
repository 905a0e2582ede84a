import HBTTypes

/// Nodes over a window: their memory, their clocks, and when they are warm.
extension FactorCompiler {
    func time(_ step: inout FactorStep, _ span: WindowSpan) {
        switch span {
        case .count(let n): step.warmCount = Int64(n)
        case .time(let ns):
            step.warmNs = ns
            step.isTimed = true
        }
    }

    func sample(_ step: inout FactorStep, _ sampling: Sampling) {
        step.clock = sampling.clock
        step.everyNs = sampling.everyNs
    }

    mutating func statistic(_ statistic: Statistic, _ span: WindowSpan, _ sampling: Sampling, inputs: [Int32]) -> Int {
        var step = FactorStep(op: .mean)
        time(&step, span)
        sample(&step, sampling)
        switch statistic {
        case .mean: step.op = .mean
        case .deviation(let ddof):
            step.op = .deviation
            step.ddof = ddof
        case .zscore(let ddof, let band):
            step.op = .zscore
            step.ddof = ddof
            step.guardBand = band
        case .minimum: step.op = .minimum
        case .maximum: step.op = .maximum
        case .skew: step.op = .skew
        case .quantile: step.op = .quantile
        case .winsorise: step.op = .winsorise
        case .correlation: step.op = .correlation
        case .regression(let output):
            step.op = switch output {
            case .slope: .slope
            case .intercept: .intercept
            case .r2: .determination
            case .residual: .residual
            case .prediction: .prediction
            }
        }
        place(&step, statistic, span)
        return add(step, inputs: inputs)
    }

    mutating func place(_ step: inout FactorStep, _ statistic: Statistic, _ span: WindowSpan) {
        switch statistic {
        case .mean, .deviation, .zscore:
            plan.squares.append(RollingSums(span, ddof: step.ddof))
            step.index = Int32(plan.squares.count - 1)
        case .skew:
            plan.cubes.append(RollingSums(span))
            step.index = Int32(plan.cubes.count - 1)
        case .minimum, .maximum:
            plan.extremes.append(ExtremeWindow(span, isMax: statistic == .maximum))
            step.index = Int32(plan.extremes.count - 1)
        case .quantile(let q):
            plan.quantiles.append(QuantileWindow(span, q: q))
            step.index = Int32(plan.quantiles.count - 1)
        case .winsorise(let low, let high):
            plan.quantiles.append(QuantileWindow(span, q: low))
            plan.quantiles.append(QuantileWindow(span, q: high))
            step.index = Int32(plan.quantiles.count - 2)
            step.secondIndex = Int32(plan.quantiles.count - 1)
        case .correlation, .regression:
            plan.pairs.append(RollingSums(span))
            step.index = Int32(plan.pairs.count - 1)
        }
    }

    mutating func sampled(_ kind: FactorKind, inputs: [Int32]) -> Int {
        var step = FactorStep(op: .windowSum)
        switch kind {
        case .windowSum(let ns, let sampling):
            time(&step, .time(ns: ns))
            sample(&step, sampling)
            plan.sums.append(SumWindow(.time(ns: ns)))
            step.index = Int32(plan.sums.count - 1)
        case .average(let span, let sampling):
            step.op = .average
            sample(&step, sampling)
            switch span {
            case .updates(let n):
                step.warmCount = Int64(n)
                plan.averages.append(MovingAverage(updates: n))
            case .tau(let ns):
                step.isTimed = true
                step.warmNs = max(roundedInt(2 * ns), 1)
                plan.averages.append(MovingAverage(tauNs: ns))
            }
            step.index = Int32(plan.averages.count - 1)
        case .lag(let span, let sampling):
            step.op = .lag
            time(&step, span)
            if case .count(let n) = span { step.warmCount = Int64(n) + 1 }
            sample(&step, sampling)
            plan.lags.append(LagWindow(span))
            step.index = Int32(plan.lags.count - 1)
        default: preconditionFailure("not a sampled node")
        }
        return add(step, inputs: inputs)
    }

    mutating func returns(_ intervalNs: Int64, input: Int32) -> Int {
        var step = FactorStep(op: .returns)
        step.isTimed = true
        step.isAlwaysUpdated = true
        step.warmCount = 1
        plan.returns.append(ReturnSampler(intervalNs: intervalNs))
        step.index = Int32(plan.returns.count - 1)
        return add(step, inputs: [input])
    }

    mutating func volatility(_ intervalNs: Int64, _ window: Int, _ ddof: Double, input: Int32) -> Int {
        let returns = self.returns(intervalNs, input: input)
        let number = statistic(.deviation(ddof: ddof), .count(window), Sampling(), inputs: [Int32(returns)])
        plan.steps[number].isAlwaysUpdated = true
        return number
    }
}
