import HBTLive

/// Fitted queue models, for machines (JSON) and for people (text).
struct CalibrateReport: Encodable {
    struct Fit: Encodable {
        var kind: String
        var n: Double?
        var standardError: Double?
        var noise: Double
        var logLikelihood: Double
        var outOfSample: Double?
        var refusal: String?
    }
    struct Asset: Encodable {
        var symbol: String
        var orders: Int
        var fills: Int
        var refusal: String?
        var fits: [Fit]
        /// The setting to write; nil when nothing can be said.
        var queue: String?
    }
    var assets: [Asset]

    init(_ results: [CalibrateJob.Asset]) {
        assets = results.map { result in
            let calibration = result.calibration
            return Asset(
                symbol: result.symbol, orders: calibration.orders, fills: calibration.fills, refusal: calibration.refusal,
                fits: calibration.fits.map { fit in
                    Fit(
                        kind: fit.family.rawValue, n: fit.exponent, standardError: fit.standardError, noise: fit.noise, logLikelihood: fit.logLikelihood,
                        outOfSample: fit.outOfSample, refusal: fit.refusal)
                },
                queue: calibration.best.map { fit in
                    let n = fit.exponent.map { ", n = \(Self.digits($0, 3))" } ?? ""
                    return "queue = { kind = \"\(fit.family.rawValue)\"\(n) }"
                })
        }
    }

    var isWhole: Bool { assets.allSatisfy { $0.queue != nil } }

    var text: String {
        assets.map { asset in
            var lines = ["\(asset.symbol): \(asset.orders) orders that rested, \(asset.fills) filled at their own price"]
            if let refusal = asset.refusal { lines.append("  no fit: \(refusal)") }
            for fit in asset.fits {
                let name = fit.kind + String(repeating: " ", count: 12 - fit.kind.count)
                let n = fit.n.map { "n = \(Self.digits($0, 3))" + (fit.standardError.map { " ± \(Self.digits($0, 3))" } ?? "") } ?? ""
                let score = fit.outOfSample.map { "  score \(Self.digits($0, 4))" } ?? ""
                lines.append("  \(name) log likelihood \(Self.digits(fit.logLikelihood, 1))\(score)  \(n)" + (fit.refusal.map { "  refused: \($0)" } ?? ""))
            }
            if let queue = asset.queue { lines.append("  \(queue)") }
            return lines.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private static func digits(_ value: Double, _ places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        return String((value * scale).rounded() / scale)
    }
}
