import HBTTypes

/// What a reader should hold against the numbers, from the run's own settings.
struct ModelLimits {
    let run: RunDescription

    var lines: [String] {
        var lines = [
            "Market impact: our orders do not change the recorded book or trades, and other participants do not react to us.",
            "Queue position: the feed tells how much left a price level, not from where in the queue. "
                + perAsset { queue($0.queue) } + ".",
            "Latency: " + perAsset { latency($0.latency) } + ". Venue outages and rate limits are not simulated.",
            "Fills: " + perAsset { exchange($0.exchange) } + ".",
            "Funding, interest, margin, liquidation, transfers and self-trade prevention are not simulated. Fees are the rates in the settings.",
            "The statistics sample the account once a window; the charts keep every extreme, so the deepest drawdown drawn can exceed the figure.",
        ]
        if run.compatibility == .hftbacktest24 {
            lines.append(
                "Compatibility mode \(run.compatibility.rawValue): known defects of that version are reproduced on purpose; "
                    + "run with compatibility = \"none\" for the corrected rules.")
        }
        return lines + run.notes
    }

    /// One text when all assets agree, else one each.
    private func perAsset(_ describe: (AssetSpec) -> String) -> String {
        let texts = run.assets.map(describe)
        guard let first = texts.first else { return "no assets" }
        if texts.allSatisfy({ $0 == first }) { return first }
        return zip(run.assets, texts).map { "\($0.symbol): \($1)" }.joined(separator: "; ")
    }

    private func queue(_ model: QueueModel) -> String {
        switch model {
        case .riskAverse: "Model risk_averse: we only advance by trades at our price, a pessimistic estimate"
        case .logProb: "Model log_prob is an assumption, not a measurement"
        case .logProb2: "Model log_prob2 is an assumption, not a measurement"
        case .powerProb(let n): "Model power_prob, n = \(n), is an assumption, not a measurement"
        case .powerProb2(let n): "Model power_prob2, n = \(n), is an assumption, not a measurement"
        case .powerProb3(let n): "Model power_prob3, n = \(n), is an assumption, not a measurement"
        }
    }

    private func latency(_ model: LatencyModel) -> String {
        switch model {
        case .constant(let entryNs, let responseNs):
            "constant, \(NumberText.duration(ns: Double(entryNs))) to the venue and "
                + "\(NumberText.duration(ns: Double(responseNs))) back, without jitter or bursts"
        case .interpolated: "interpolated between recorded samples; bursts between two samples are missed"
        }
    }

    private func exchange(_ model: ExchangeModel) -> String {
        switch model {
        case .noPartialFill: "no partial fills: an order fills whole or not at all, and takers fill at the best price in any size"
        case .partialFill: "takers eat the recorded depth, which refills with the next update as if we had not been there"
        }
    }
}
