import HBTEngine

/// Why the data of an asset stopped a run.
enum DataFailure {
    /// The engine counts rows over all files of an asset; people look into one file.
    static func placed(_ error: any Error, log: ReadLog) -> any Error {
        guard let fault = error as? FeedFault else { return error }
        switch fault {
        case .timeWentBackwards(let clock, let row, let previousNs, let ns):
            guard let place = log.place(ofRow: row) else { return error }
            return CommandError("\(place.path): \(FeedFault.timeWentBackwards(clock: clock, row: place.row, previousNs: previousNs, ns: ns))")
        case .latencyNotPositive(let row, let offsetNs):
            guard let place = log.place(ofRow: row) else { return error }
            return CommandError("\(place.path): \(FeedFault.latencyNotPositive(row: place.row, offsetNs: offsetNs))")
        case .negativeResponseLatency: return error
        }
    }
}
