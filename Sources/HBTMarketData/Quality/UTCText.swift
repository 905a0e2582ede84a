/// Nanoseconds since the epoch as `2024-08-08T23:54:17.432000000Z`.
enum UTCText {
    static func text(ns: Int64) -> String {
        let second: Int64 = 1_000_000_000
        let isBefore = ns % second < 0
        let whole = ns / second - (isBefore ? 1 : 0)
        let fraction = ns % second + (isBefore ? second : 0)
        let dayLength: Int64 = 86_400
        let ofDay = (whole % dayLength + dayLength) % dayLength
        let (year, month, day) = civil(days: (whole - ofDay) / dayLength)
        func two(_ x: Int64) -> String { x < 10 ? "0\(x)" : "\(x)" }
        return "\(year)-\(two(month))-\(two(day))T\(two(ofDay / 3600)):\(two(ofDay / 60 % 60)):\(two(ofDay % 60)).\(String(second + fraction).dropFirst())Z"
    }

    /// Days since 1970-01-01 to a date of the Gregorian calendar (H. Hinnant, "chrono-compatible
    /// low-level date algorithms": years begin in March, so that leap days come last).
    private static func civil(days: Int64) -> (Int64, Int64, Int64) {
        let z = days + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let ofEra = z - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let m = (5 * ofYear + 2) / 153
        let month = m < 10 ? m + 3 : m - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * m + 2) / 5 + 1)
    }
}
