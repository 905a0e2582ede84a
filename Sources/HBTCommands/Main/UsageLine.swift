import HBTTypes

/// A mistake in the arguments as one line, with where to look.
enum UsageLine {
    /// - Parameter message: the argument parser's.
    static func text(_ message: String, arguments: [String]) -> String {
        let verbs = HBTCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
        guard let first = arguments.first, !first.hasPrefix("-") else { return "\(ErrorLine.text(CommandError(message))); see hbt --help" }
        guard !verbs.contains(first), first != "help" else {
            return "\(ErrorLine.text(CommandError(message))); see hbt \(first) --help"
        }
        let near = Suggestion.nearest(to: first, among: verbs).map { "did you mean \($0)?" } ?? "the verbs are \(verbs.joined(separator: ", "))"
        return "there is no verb \(first); \(near)"
    }
}
