/// The names in a run's folder.
enum RunFiles {
    static let records = "records.npz"
    static let fills = "fills.csv"
    static let orders = "orders.csv"
    static let summary = "summary.json"
    static let report = "report.html"
    static let config = "config.toml"
    static let manifest = "manifest.json"
    static let host = "host.json"

    /// What the manifest lists, results first.
    static let listed = [records, fills, orders, summary, report, config]
    /// What two equal runs have in common, byte for byte.
    static let compared = listed + [manifest]
    static let all = compared + [host]
}
