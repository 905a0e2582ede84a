import HBTCommands
import HBTEngine

/// What several bots behind one connector must be: told apart.
enum Connector {
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// A position belongs to one bot, and a channel to one name.
    static func check(_ files: [String], overrides: [String], isPaper: Bool, strategies: [any Strategy.Type]) throws {
        var names: [String: String] = [:], symbols: [String: String] = [:]
        for file in files {
            let plan = try LivePlan(file: file, overrides: overrides, isPaper: isPaper, strategies: strategies)
            let name = RelayName.topic(plan.name)
            if let other = names.updateValue(file, forKey: name) {
                throw Fault(description: "\(file): its name \"\(plan.name)\" is that of \(other), too; bots of one connector have names of their own")
            }
            for symbol in plan.specs.map({ $0.symbol.uppercased() }) {
                if let other = symbols.updateValue(file, forKey: symbol) {
                    throw Fault(description: "\(file): \(symbol) is traded by \(other), too; the venue has one position for both: give each bot its own")
                }
            }
        }
    }
}
