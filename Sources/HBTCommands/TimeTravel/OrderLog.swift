import Foundation

/// `orders.csv` of a run, read line by line to find when something happened.
struct OrderLog {
    let path: String

    /// Local time of line `number` (1 is the first after the header); nil when there are fewer.
    func timeNs(ofLine number: Int64) throws -> Int64? {
        var seen: Int64 = 0
        return try first { _ in
            seen += 1
            return seen == number
        }
    }

    /// Local time of the first line about an order.
    func timeNs(ofOrder id: UInt64) throws -> Int64? {
        let text = Substring(String(id))
        return try first { $0.count > Self.orderColumn && $0[Self.orderColumn] == text }
    }

    private static let timeColumn = 3
    private static let orderColumn = 6

    private func first(_ isWanted: ([Substring]) -> Bool) throws -> Int64? {
        guard let file = FileHandle(forReadingAtPath: path) else { throw CommandError("\(path): cannot be read: \(FileTree.lastError)") }
        defer { try? file.close() }
        var rest = Data()
        var isHeader = true
        while let chunk = try file.read(upToCount: 1 << 20), !chunk.isEmpty {
            rest.append(chunk)
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
                rest = Data(rest[rest.index(after: end)...])
                if isHeader {
                    isHeader = false
                    continue
                }
                let fields = line.split(separator: ",", omittingEmptySubsequences: false)
                if isWanted(fields), fields.count > Self.timeColumn { return Int64(fields[Self.timeColumn]) }
            }
        }
        return nil
    }
}
