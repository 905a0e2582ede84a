/// A block of sampled factor values, column by column: filled by `FactorRun`, read by writers.
public final class FactorSamples {
    public let capacity: Int
    public let columnCount: Int
    /// Rows filled.
    public internal(set) var count = 0
    /// Local time of the sample, nanoseconds since the Unix epoch.
    public let localNs: UnsafeMutableBufferPointer<Int64>
    /// Venue time of the newest row applied.
    public let exchangeNs: UnsafeMutableBufferPointer<Int64>
    /// Mid price of the graph's own instrument, quote currency; NaN when one-sided.
    public let mid: UnsafeMutableBufferPointer<Double>
    private let values: UnsafeMutableBufferPointer<Double>

    public init(capacity: Int, columnCount: Int) {
        precondition(capacity > 0 && columnCount >= 0, "a block of samples holds at least one row")
        self.capacity = capacity
        self.columnCount = columnCount
        localNs = .allocate(capacity: capacity)
        exchangeNs = .allocate(capacity: capacity)
        mid = .allocate(capacity: capacity)
        values = .allocate(capacity: max(capacity * columnCount, 1))
        values.initialize(repeating: .nan)
    }

    deinit {
        localNs.deallocate()
        exchangeNs.deallocate()
        mid.deallocate()
        values.deallocate()
    }

    /// The filled rows of one column, in the order of `FactorGraph.columns`.
    public func column(_ index: Int) -> UnsafeBufferPointer<Double> {
        precondition(index >= 0 && index < columnCount, "there is no such column")
        return UnsafeBufferPointer(rebasing: values[(index * capacity)..<(index * capacity + count)])
    }

    @inline(__always) func set(_ column: Int, row: Int, _ value: Double) { values[column * capacity + row] = value }
}
