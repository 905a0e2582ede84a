/// Why records cannot be reported on.
public enum ReportError: Error, Equatable, Sendable, CustomStringConvertible {
    /// `row` counts from 0 within its asset.
    case timeWentBackwards(row: Int, previousNs: Int64, currentNs: Int64)
    case unknownAsset(index: Int, count: Int)

    public var description: String {
        switch self {
        case .timeWentBackwards(let row, let previousNs, let currentNs):
            "record row \(row): time goes back from \(previousNs) to \(currentNs) ns; "
                + "records must be in time order, sort them first"
        case .unknownAsset(let index, let count):
            "asset \(index) does not exist: the run has \(count) (counted from 0); check the asset list of the run"
        }
    }
}
