import HBTTypes
import TOMLKit

/// TOMLKit's values as ours, in the order and with the lines of the file.
struct SettingsConversion {
    let file: String

    func table(_ table: TOMLTable, _ lines: KeyLines?, path: String) throws(SettingsError) -> SettingsTable {
        let start = SourceLocation(file: file, line: lines?.line ?? 0)
        // TOMLKit keeps keys sorted; back into the order they were written in.
        let written = zip(table.keys, table.values).enumerated()
            .map { (order: (lines?.position(of: $1.0) ?? .max, $0), key: $1.0, value: $1.1) }
            .sorted { $0.order < $1.order }
        var entries: [SettingsTable.Entry] = []
        for item in written {
            let child = lines?.child(item.key)
            let location = SourceLocation(file: file, line: child?.line ?? start.line)
            let path = path.isEmpty ? item.key : "\(path).\(item.key)"
            let value = try value(item.value, child, path: path, location)
            entries.append(SettingsTable.Entry(key: item.key, value: value, location: location))
        }
        return SettingsTable(entries, path: path, location: start)
    }

    func value(
        _ value: TOMLValue, _ lines: KeyLines?, path: String, _ location: SourceLocation
    ) throws(SettingsError) -> SettingValue {
        func refusal(_ message: String) -> SettingsError {
            SettingsError(location, "\(OneLine.text(path)) \(message)")
        }
        switch value.type {
        case .string:
            if let string = value.string { return .string(string) }
        case .int:
            if let integer = value.int { return .integer(Int64(integer)) }
        case .double:
            if let double = value.double {
                guard double.isFinite else { throw refusal("= \(double) is not a finite number") }
                return .double(double)
            }
        case .bool:
            if let bool = value.bool { return .bool(bool) }
        case .date, .time, .dateTime:
            throw refusal("is a date or time; no setting is one, write it in quotes")
        case .table:
            if let inner = value.table { return .table(try table(inner, lines, path: path)) }
        case .array:
            if let array = value.array {
                var items: [SettingValue] = []
                for index in 0..<array.count {
                    let line = lines.flatMap { index < $0.elements.count ? $0.elements[index] : nil }
                    let place = SourceLocation(file: file, line: line?.line ?? location.line)
                    items.append(try self.value(array[index].tomlValue, line, path: "\(path)[\(index)]", place))
                }
                return .array(items)
            }
        }
        throw refusal("cannot be read as \(value.type)")
    }
}
