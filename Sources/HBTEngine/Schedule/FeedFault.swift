/// Data that cannot be replayed; rows count from 0 over all files of the asset.
public enum FeedFault: Error, Equatable, Sendable, CustomStringConvertible {
    case timeWentBackwards(clock: String, row: Int64, previousNs: Int64, ns: Int64)
    case latencyNotPositive(row: Int64, offsetNs: Int64)
    case negativeResponseLatency(atNs: Int64, latencyNs: Int64)

    public var description: String {
        switch self {
        case .timeWentBackwards(let clock, let row, let previous, let ns):
            "row \(row): \(clock) goes back from \(previous) to \(ns); put the files in order of time, or convert the raw data again "
                + "(hbt validate shows every such row)"
        case .latencyNotPositive(let row, let offset):
            "row \(row): with feed_latency_offset \(offset) ns the row is received no later than it happened; raise the offset"
        case .negativeResponseLatency(let at, let latency):
            "the order-latency data gives a response latency of \(latency) ns at \(at); check its exch_ts and resp_ts"
        }
    }
}
