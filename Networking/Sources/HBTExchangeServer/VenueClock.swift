/// The venue's time: the wall clock's at the start, then steady; or moved by clients alone.
struct VenueClock {
    private let startNs: Int64
    private let started = ContinuousClock.now
    /// Time stands still until a client moves it.
    let isStepped: Bool

    init(startNs: Int64, isStepped: Bool) {
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
