/// Sizes as people write them: `500M`, `20G`.
enum ByteSize {
    /// - Parameter option: named in the error.
    static func bytes(_ text: String, _ option: String) throws(CommandError) -> Int64 {
        let units: [Character: Int64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
        let unit = text.last.flatMap { units[Character($0.uppercased())] }
        let digits = unit == nil ? text[...] : text.dropLast()
        guard let number = Int64(digits), number >= 0, case let (bytes, overflow) = number.multipliedReportingOverflow(by: unit ?? 1), !overflow else {
            throw CommandError("\(option) \(text): not a size; write a whole number of bytes, or with K, M, G or T behind it")
        }
        return bytes
    }
}
