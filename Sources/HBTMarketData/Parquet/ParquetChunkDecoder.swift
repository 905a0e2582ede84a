/// Collects the pages of one column of one row group.
struct ParquetChunkDecoder<Value: ParquetDecodable> {
    let isOptional: Bool
    /// One slot a row.
    private(set) var values: [Value] = []
    /// Nil as long as no row is null.
    private(set) var isValid: [Bool]?
    private var dictionary: [Value]?

    init(isOptional: Bool) { self.isOptional = isOptional }

    mutating func dictionaryPage(_ header: ParquetPageHeader, _ bytes: UnsafeRawBufferPointer) throws(ParquetFault) {
        guard dictionary == nil, values.isEmpty else { throw .corrupt("a dictionary that is not the first page") }
        guard header.encoding == ParquetFormat.Encoding.plain || header.encoding == ParquetFormat.Encoding.plainDictionary else {
            throw unreadEncoding(header.encoding)
        }
        var entries: [Value] = []
        try Value.decode(bytes, encoding: ParquetFormat.Encoding.plain, count: Int(header.values), into: &entries)
        dictionary = entries
    }

    /// - Parameter levels: The definition levels without a length before them, for optional columns alone.
    mutating func dataPage(
        _ header: ParquetPageHeader, levels: UnsafeRawBufferPointer?, _ bytes: UnsafeRawBufferPointer
    ) throws(ParquetFault) {
        let rows = Int(header.values)
        let start = values.count
        var present = rows
        if let levels { present = try markNulls(levels, rows) }
        if header.nulls >= 0, rows - present != Int(header.nulls) { throw .corrupt("a page that miscounts its nulls") }
        switch header.encoding {
        case ParquetFormat.Encoding.rleDictionary, ParquetFormat.Encoding.plainDictionary: try look(up: present, bytes)
        default: try Value.decode(bytes, encoding: header.encoding, count: present, into: &values)
        }
        guard present < rows, let isValid else { return }
        // Values move to their rows from the back, so that none is overwritten before it has moved.
        values.append(contentsOf: repeatElement(Value.nullSlot, count: rows - present))
        var source = start + present - 1
        for row in stride(from: start + rows - 1, through: start, by: -1) {
            if isValid[row] {
                if source != row { values[row] = values[source] }
                source -= 1
            } else {
                values[row] = Value.nullSlot
            }
        }
    }

    /// - Returns: how many of the rows have values.
    private mutating func markNulls(_ levels: UnsafeRawBufferPointer, _ rows: Int) throws(ParquetFault) -> Int {
        var marks: [Bool] = []
        var present = 0
        try RunLengthDecoder.decode(levels, bitWidth: 1, count: rows) { (run) throws(ParquetFault) in
            switch run {
            case .repeated(let value, let count):
                guard value <= 1 else { throw .corrupt("a definition level of \(value) in a flat column") }
                marks.append(contentsOf: repeatElement(value == 1, count: count))
                present += value == 1 ? count : 0
            case .packed(let bits, let count):
                for index in 0..<count {
                    let isPresent = bits(index) == 1
                    marks.append(isPresent)
                    present += isPresent ? 1 : 0
                }
            }
        }
        if present < rows && isValid == nil { isValid = Array(repeating: true, count: values.count) }
        isValid?.append(contentsOf: marks)
        return present
    }

    private mutating func look(up count: Int, _ bytes: UnsafeRawBufferPointer) throws(ParquetFault) {
        guard count > 0 else { return }
        guard let dictionary else { throw .corrupt("a page of dictionary entries without a dictionary") }
        var cursor = ByteCursor(bytes)
        let bitWidth = Int(try cursor.byte())
        try RunLengthDecoder.decode(try cursor.take(cursor.remaining), bitWidth: bitWidth, count: count) { (run) throws(ParquetFault) in
            switch run {
            case .repeated(let entry, let count):
                guard entry < dictionary.count else { throw .corrupt("entry \(entry) of a dictionary of \(dictionary.count)") }
                values.append(contentsOf: repeatElement(dictionary[Int(entry)], count: count))
            case .packed(let bits, let count):
                for index in 0..<count {
                    let entry = Int(truncatingIfNeeded: bits(index))
                    guard entry < dictionary.count else { throw .corrupt("entry \(entry) of a dictionary of \(dictionary.count)") }
                    values.append(dictionary[entry])
                }
            }
        }
    }
}
