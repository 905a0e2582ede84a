import HBTTypes

/// Civil dates of nanosecond timestamps, UTC, proleptic Gregorian.
///
/// Days to dates by eras of 400 years: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
struct CalendarUTC: Equatable, Sendable {
    static let nsPerDay: Int64 = 86_400_000_000_000

    let year: Int64
    let month: Int64
    let day: Int64
    let hour: Int64
    let minute: Int64
    let second: Int64
    let nanosecond: Int64

    init(ns: Int64) {
        let days = Self.floorDivide(ns, Self.nsPerDay)
        let rest = ns &- days &* Self.nsPerDay
        let shifted = days + 719_468
        let era = Self.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = rest / 3_600_000_000_000
        minute = rest / 60_000_000_000 % 60
        second = rest / 1_000_000_000 % 60
        nanosecond = rest % 1_000_000_000
    }

    static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
        let quotient = a / b
        return a % b < 0 ? quotient - 1 : quotient
    }

    /// A number that is equal for timestamps of one calendar hour, day or month and grows with time.
    static func key(ns: Int64, partition: ReportSettings.Partition) -> Int64 {
        switch partition {
        case .hourly: return floorDivide(ns, 3_600_000_000_000)
        case .daily: return floorDivide(ns, nsPerDay)
        case .monthly:
            let date = CalendarUTC(ns: ns)
            return date.year * 12 + date.month
        }
    }

    /// `2023-11-14`
    var dateText: String { "\(Self.pad(year, 4))-\(Self.pad(month, 2))-\(Self.pad(day, 2))" }

    /// `22:13:20`
    var timeText: String { "\(Self.pad(hour, 2)):\(Self.pad(minute, 2)):\(Self.pad(second, 2))" }

    /// `2023-11-14T22:13:20`, with six digits of a second when they are not zero.
    var microsecondText: String {
        let fraction = nanosecond / 1_000
        return dateText + "T" + timeText + (fraction == 0 ? "" : "." + Self.pad(fraction, 6))
    }

    private static func pad(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
