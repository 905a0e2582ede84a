import HBTEngine
import HBTTypes

/// The asset of a vector as the engine's words; `book` is the vector's `depth`.
func assetSpec(_ place: VectorPlace, book: String) throws(VectorFault) -> AssetSpec {
    var spec = AssetSpec(
        symbol: place.path, tickSize: try place.double("tick_size"), lotSize: try place.double("lot_size"))
    if let contract = place.optional("asset_type") {
        let size = try contract.double("contract_size")
        switch try contract.string("kind") {
        case "linear": spec.contract = .linear(size: size)
        case "inverse": spec.contract = .inverse(size: size)
        case let kind: throw contract.fault("is of unknown kind \(kind)")
        }
    }
    switch book {
    case "hashmap": spec.book = .hash
    case "roivec": spec.book = .roi(lower: try place.double("roi_lb"), upper: try place.double("roi_ub"))
    default: throw VectorFault("depth \"\(book)\" is unknown")
    }
    let latency = try place.member("latency")
    switch try latency.string("kind") {
    case "constant":
        spec.latency = .constant(entryNs: try latency.int64("entry"), responseNs: try latency.int64("response"))
    case "interpolated":
        spec.latency = .interpolated(offsetNs: try latency.optional("offset")?.int64() ?? 0)
    case let kind: throw latency.fault("is of unknown kind \(kind)")
    }
    spec.queue = try queueModel(try place.member("queue_model"))
    switch try place.string("exchange") {
    case "no_partial_fill": spec.exchange = .noPartialFill
    case "partial_fill": spec.exchange = .partialFill
    case let kind: throw place.fault("has an unknown exchange \(kind)")
    }
    if let fee = place.optional("fee") {
        guard let kind = FeeSpec.Kind(rawValue: try fee.string("kind")) else { throw fee.fault("is of an unknown kind") }
        spec.fee = FeeSpec(kind: kind, maker: try fee.double("maker"), taker: try fee.double("taker"))
    }
    spec.feedLatencyOffsetNs = try place.optional("feed_latency_offset")?.int64() ?? 0
    spec.lastTradesCapacity = Int(clamping: try place.optional("last_trades_capacity")?.int64() ?? 0)
    return spec
}

private func queueModel(_ place: VectorPlace) throws(VectorFault) -> QueueModel {
    switch try place.string("kind") {
    case "risk_averse": .riskAverse
    case "log_prob": .logProb
    case "log_prob2": .logProb2
    case "power_prob": .powerProb(n: try place.double("n"))
    case "power_prob2": .powerProb2(n: try place.double("n"))
    case "power_prob3": .powerProb3(n: try place.double("n"))
    case let kind: throw place.fault("is of unknown kind \(kind)")
    }
}

/// The order-latency rows of an asset with interpolated latency, nil for constant latency.
func latencyRows(_ place: VectorPlace) throws(VectorFault) -> ArrayLatencySource? {
    let latency = try place.member("latency")
    guard try latency.string("kind") == "interpolated" else { return nil }
    var rows: [LatencyRow] = []
    for row in try latency.list("rows") {
        let fields = try row.list()
        guard fields.count >= 3 else { throw row.fault("has \(fields.count) columns instead of 3") }
        rows.append(LatencyRow(requestNs: try fields[0].int64(), exchangeNs: try fields[1].int64(), responseNs: try fields[2].int64()))
    }
    guard !rows.isEmpty else { throw latency.fault("has no rows") }
    return ArrayLatencySource([rows])
}
