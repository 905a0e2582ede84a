/// What the process says to whoever started it.
enum ExitStatus {
    static let done: Int32 = 0
    /// A check found a difference.
    static let difference: Int32 = 1
    /// Bad input or settings, or something outside us that stops the work (a full disk).
    static let badInput: Int32 = 2
    static let interrupted: Int32 = 130
}

/// Ends a verb with a status and nothing more to say.
struct VerbExit: Error {
    let status: Int32
    init(_ status: Int32) { self.status = status }
}
