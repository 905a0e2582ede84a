/// What keeps a channel from working: what, where and what to do, in one line.
public struct ChannelError: Error, Equatable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
