import HBTTypes

/// Durations on the command line: with a unit, or nanoseconds.
enum DurationArgument {
    static func ns(_ text: String, _ option: String) throws(CommandError) -> Int64 {
        guard let ns = Int64(text) ?? DurationText.parseNs(text) else {
            throw CommandError("\(option) \(text): not a duration; write a number with its unit, such as 10ms, or nanoseconds")
        }
        return ns
    }
}
