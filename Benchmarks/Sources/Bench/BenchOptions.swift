import BenchKit

/// What to measure, as `key=value` arguments.
struct BenchOptions {
    /// Measured rounds; one more goes before them.
    var rounds = 5
    /// Of the generated market.
    var seconds: Int64 = 1_200
    var seed: UInt64 = 7
    var records = 1_000_000
    /// Only this group; nil for all.
    var group: String?
    /// Only cases whose name contains this.
    var only: String?
    /// The data sets: `generated`, `recorded` or `all`.
    var data = "all"
    /// Where the results go as JSON; nil for nowhere.
    var json: String?

    static let groups = ["engine", "data", "report", "latency", "children"]

    init(_ arguments: [String]) throws {
        for argument in arguments {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw BenchError("\(argument): write key=value") }
            func number<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
                guard let value = T(parts[1]), value > 0 else { throw BenchError("\(argument): not a whole number above 0") }
                return value
            }
            switch parts[0] {
            case "rounds": rounds = try number(Int.self)
            case "seconds": seconds = try number(Int64.self)
            case "seed": seed = try number(UInt64.self)
            case "records": records = try number(Int.self)
            case "group":
                guard Self.groups.contains(parts[1]) else { throw BenchError("\(argument): \(Self.groups.joined(separator: ", "))") }
                group = parts[1]
            case "only": only = parts[1]
            case "data":
                guard ["generated", "recorded", "all"].contains(parts[1]) else { throw BenchError("\(argument): generated, recorded or all") }
                data = parts[1]
            case "json": json = parts[1]
            default: throw BenchError("\(parts[0]): no such option; known are rounds, seconds, seed, records, group, only, data, json")
            }
        }
    }

    func wants(_ group: String, _ name: String = "") -> Bool {
        (self.group == nil || self.group == group) && (only.map { name.contains($0) } ?? true)
    }
}
