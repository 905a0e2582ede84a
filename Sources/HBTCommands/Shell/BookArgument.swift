import HBTTypes

/// `hash` or `roi:LOWER,UPPER`, as `--book` takes them.
enum BookArgument {
    static func spec(_ text: String) throws(CommandError) -> BookSpec {
        if text == "hash" { return .hash }
        let numbers = text.hasPrefix("roi:") ? text.dropFirst(4).split(separator: ",").compactMap { Double($0) } : []
        guard numbers.count == 2, numbers[0].isFinite, numbers[1].isFinite, numbers[0] < numbers[1] else {
            throw CommandError("--book \(text): not a book; write hash, or roi:10000,150000")
        }
        return .roi(lower: numbers[0], upper: numbers[1])
    }
}
