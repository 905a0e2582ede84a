/// The venue's time: the wall clock's at the start, then steady; or moved by clients alone.
struct VenueClock {
    private let startNs: Int64
    private let started: ContinuousClock.Instant
    /// Time stands still until a client moves it.
    let isStepped: Bool

    /// - Parameter lateNs: how long ago `startNs` was: books are opened in between.
    init(startNs: Int64, isStepped: Bool, lateNs: Int64 = 0) {
        started = ContinuousClock.now.advanced(by: .nanoseconds(-lateNs))
        self.startNs = startNs
        self.isStepped = isStepped
    }

    /// nil when stepped: the exchange's own time counts.
    var nowNs: Int64? {
        guard !isStepped else { return nil }
        let elapsed = started.duration(to: .now).components
        return startNs &+ elapsed.seconds &* 1_000_000_000 &+ elapsed.attoseconds / 1_000_000_000
    }
}
