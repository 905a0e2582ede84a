/// Columns of text, aligned for a terminal.
public struct TextTable: Equatable, Sendable {
    public enum Alignment: Sendable { case left, right }

    private let alignments: [Alignment]
    private var rows: [[String]] = []
    private let hasHeader: Bool

    /// - Parameter header: Column titles; nil for a table without them.
    public init(header: [String]? = nil, alignments: [Alignment]) {
        self.alignments = alignments
        hasHeader = header != nil
        if let header { rows.append(header) }
    }

    /// Missing cells are empty; cells beyond the last column are dropped.
    public mutating func add(_ cells: [String]) { rows.append(cells) }

    /// Lines separated by newlines, with none at the end; no trailing spaces.
    public var text: String {
        let widths = alignments.indices.map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        var lines = rows.map { line($0, widths) }
        if hasHeader { lines.insert(String(repeating: "─", count: widths.reduce(0, +) + 2 * max(0, widths.count - 1)), at: 1) }
        return lines.joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (column, width) in widths.enumerated() {
            let cell = column < cells.count ? cells[column] : ""
            let padding = String(repeating: " ", count: width - cell.count)
            line += (column > 0 ? "  " : "") + (alignments[column] == .right ? padding + cell : cell + padding)
        }
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }
}
