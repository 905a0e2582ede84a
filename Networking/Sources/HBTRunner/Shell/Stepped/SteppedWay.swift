import HBTEngine
import HBTTypes

/// The way between a stepped session and its venue for one asset: when messages arrive. First in, first out.
struct SteppedWay {
    private var latency: NetworkLatency
    private var newestRequestNs = Int64.min
    private var newestAnswerNs = Int64.min

    init(_ latency: NetworkLatency) { self.latency = latency }

    enum Arrival {
        case at(Int64)
        /// The request is refused on its way; we know then.
        case refused(Int64)
    }

    /// - Parameter isOrder: messages of orders do not wait for others.
    mutating func request(at ns: Int64, isOrder: Bool) throws -> Arrival {
        let latencyNs = try latency.entryNs(at: ns)
        guard latencyNs >= 0 else { return isOrder ? .refused(ns &- latencyNs) : .at(max(ns, newestRequestNs)) }
        let arrivalNs = max(ns &+ latencyNs, newestRequestNs)
        if isOrder { newestRequestNs = arrivalNs }
        return .at(arrivalNs)
    }

    mutating func answer(at exchangeNs: Int64, isOrder: Bool) throws -> Int64 {
        let arrivalNs = max(exchangeNs &+ (try latency.responseNs(at: exchangeNs)), newestAnswerNs)
        if isOrder { newestAnswerNs = arrivalNs }
        return arrivalNs
    }

    /// How far the venue may be moved at a time, so that answers to what rows cause are found before they are due.
    static func pace(_ spec: AssetSpec) -> Int64 {
        switch spec.latency {
        case .constant(_, let responseNs): max(responseNs, 100_000)
        case .interpolated: 1_000_000
        }
    }
}
