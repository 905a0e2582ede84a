import HBTEngine
import HBTTypes

extension BacktestVector {
    /// Runs the script and returns the first difference from what the reference answered.
    ///
    /// - Parameter replay: how the rows are replayed; row by row when they fit no tape.
    func firstDifference(replay: ReplayMode = .rows) throws(VectorFault) -> String? {
        try firstDifference(on: (replay == .rows ? nil : tapedAssets()) ?? assets, replay: replay)
    }

    func firstDifference(on assets: [AssetInput], replay: ReplayMode) throws(VectorFault) -> String? {
        let trace = try expected.list("trace")
        guard trace.count == script.count else {
            throw expected.fault("traces \(trace.count) steps of a script of \(script.count)")
        }
        let backtest: Backtest
        do {
            backtest = try Backtest(assets: assets, compatibility: .hftbacktest24, checksOrder: false, replay: replay)
        } catch {
            throw VectorFault("cannot be set up: \(error)")
        }
        var fills = ObservedFills()
        var records = Array(repeating: [VectorValue](), count: assets.count)
        for (number, step) in script.enumerated() {
            let code = step.perform(on: backtest)
            let seen = assets.indices.map { Observation(backtest, asset: $0, probedTicks: probedTicks[$0]) }
            for asset in assets.indices {
                fills.look(at: seen[asset].orders, asset: asset, step: number)
                if case .record = step { records[asset].append(seen[asset].recordRow(nowNs: backtest.nowNs)) }
            }
            let entry = VectorValue.object([
                ("step", .integer(Int64(number))), ("op", trace[number].value["op"] ?? .null),
                ("rc", code.map { .integer($0.rawValue) } ?? .null), ("now", .integer(backtest.nowNs)),
                ("assets", .array(seen.map(\.value))),
            ])
            let name = trace[number].value["op"].map { " (\($0.text))" } ?? ""
            if let found = comparison.difference(trace[number].value, entry, at: "") { return "step \(number)\(name) \(found)" }
        }
        for (key, seen) in [("fills", fills.fills), ("record", records.map { .array($0) })] where !comparison.ignored.contains(key) {
            guard let wanted = expected.optional(key) else { continue }
            if let found = comparison.difference(wanted.value, .array(seen), at: key) { return found }
        }
        return nil
    }
}
