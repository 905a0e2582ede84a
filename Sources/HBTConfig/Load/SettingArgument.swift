/// `key=value` as it was written on the command line, and behind which option.
public struct SettingArgument: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    public let text: String
    /// Named in messages: `--set`.
    public let option: String

    public init(_ text: String, option: String = "--set") {
        self.text = text
        self.option = option
    }

    public init(stringLiteral text: String) { self.init(text) }
}
