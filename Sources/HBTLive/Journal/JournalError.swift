/// Why a journal could not be written, read or trusted: what, where and what to do, in one line.
public struct JournalError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
