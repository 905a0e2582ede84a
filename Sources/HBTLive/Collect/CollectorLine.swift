/// One line of a collector file.
enum CollectorLine {
    /// Receipt time, a space, the message, a newline. Line breaks between a message's tokens become spaces.
    static func append(_ localNs: Int64, _ message: UnsafeRawBufferPointer, to text: inout [UInt8]) {
        let digits = Array(String(max(localNs, 0)).utf8)
        text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, 19 - digits.count)))
        text += digits
        text.append(UInt8(ascii: " "))
        let start = text.count
        text.append(contentsOf: message)
        for i in start..<text.count where text[i] == UInt8(ascii: "\n") || text[i] == UInt8(ascii: "\r") { text[i] = UInt8(ascii: " ") }
        text.append(UInt8(ascii: "\n"))
    }

    /// `20240808` of a day since 1970-01-01.
    static func date(day: Int64) -> String {
        // Days to civil date: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2013.
        let z = day + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let doe = z - era * 146_097
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100)
        let mp = (5 * doy + 2) / 153
        let month = mp < 10 ? mp + 3 : mp - 9
        let year = yoe + era * 400 + (month <= 2 ? 1 : 0)
        return padded(year, 4) + padded(month, 2) + padded(doy - (153 * mp + 2) / 5 + 1, 2)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
