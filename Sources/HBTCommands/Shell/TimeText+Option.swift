extension TimeText {
    /// The time that an option of the command line says, nanoseconds since the epoch.
    ///
    /// - Parameter option: its name, for the message.
    static func ns(_ text: String, option: String) throws(CommandError) -> Int64 {
        guard let ns = ns(text) else {
            throw CommandError("\(option) \(text): not a time; write 2024-08-08T12:00:00Z, or nanoseconds since 1970")
        }
        return ns
    }
}
