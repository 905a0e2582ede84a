/// Two finite numbers between which a value surely lies, ends included.
///
/// Rounded operations are monotone: what comes out the same for both ends comes out the same for every
/// double between them. So a decision may be made by the ends, if they agree.
public struct FactorInterval: Equatable, Sendable, BitwiseCopyable {
    public let low: Double
    public let high: Double

    /// nil when the ends are not finite, or the wrong way round.
    init?(low: Double, high: Double) {
        guard low.isFinite, high.isFinite, low <= high else { return nil }
        self.low = low
        self.high = high
    }
}
