import HBTEngine

/// When a run is saved: at the first step at or after each of these moments of simulated time.
struct SnapshotSchedule: Equatable {
    /// Multiples of this since the epoch.
    var everyNs: Int64?
    var atNs: [Int64] = []
    /// How many snapshots are kept, the newest ones; nil keeps all.
    var keeps: Int?
    /// A folder that gets a copy of each, for warm starts of other runs; kept to as many.
    var copies: String?

    var isEmpty: Bool { everyNs == nil && atNs.isEmpty }

    /// What a production file asks for, where the command line says nothing.
    func completed(by production: FactorProduction?) -> SnapshotSchedule {
        guard isEmpty, let production, production.snapshotsEnabled else { return self }
        var schedule = self
        schedule.everyNs = production.snapshotIntervalNs
        schedule.keeps = keeps ?? production.maxSnapshots
        schedule.copies = production.snapshotPath
        return schedule
    }

    /// The first moment after `ns`; `.max` for none.
    func next(after ns: Int64) -> Int64 {
        var next = Int64.max
        for at in atNs where at > ns { next = min(next, at) }
        if let everyNs, ns < .max - everyNs {
            let past = ns % everyNs
            next = min(next, ns - (past < 0 ? past + everyNs : past) + everyNs)
        }
        return next
    }
}
