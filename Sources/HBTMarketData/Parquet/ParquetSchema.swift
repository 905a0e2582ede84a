/// The top-level columns of a file: which of them are flat, and why the others cannot be read.
struct ParquetSchema {
    struct Field {
        let name: String
        let content: Content
    }

    enum Content {
        /// `leaf` is the number of the column chunk in every row group.
        case flat(ParquetColumn, physical: ParquetFormat.Physical, leaf: Int)
        case unreadable(why: String)
    }

    private(set) var fields: [Field] = []
    /// Column chunks of a row group.
    private(set) var leafCount = 0

    init(_ elements: [ParquetFooter.SchemaElement]) throws(ParquetFault) {
        guard let root = elements.first, let children = root.children else { throw .corrupt("a schema without a root") }
        var at = 1
        for _ in 0..<max(children, 0) {
            guard at < elements.count else { throw .corrupt("a schema of too few elements") }
            let element = elements[at]
            guard let count = element.children, count > 0 || element.physical == nil else {
                fields.append(Field(name: element.name, content: Self.content(of: element, leaf: leafCount)))
                leafCount += 1
                at += 1
                continue
            }
            at = try skipGroup(elements, at)
            fields.append(Field(name: element.name, content: .unreadable(why: "is nested, and only flat columns are read")))
        }
        guard at == elements.count else { throw .corrupt("a schema of too many elements") }
    }

    /// Passes over a group and all below it, counting its leaves.
    private mutating func skipGroup(_ elements: [ParquetFooter.SchemaElement], _ start: Int) throws(ParquetFault) -> Int {
        var at = start
        var open: Int64 = 1
        while open > 0 {
            guard at < elements.count else { throw .corrupt("a schema of too few elements") }
            open -= 1
            if let children = elements[at].children { open += Int64(max(children, 0)) } else { leafCount += 1 }
            at += 1
        }
        return at
    }

    private static func content(of element: ParquetFooter.SchemaElement, leaf: Int) -> Content {
        guard let physical = element.physical.flatMap(ParquetFormat.Physical.init) else { return .unreadable(why: "is of an unknown type") }
        switch element.repetition.flatMap(ParquetFormat.Repetition.init) {
        case .required, .optional: break
        case .repeated, nil: return .unreadable(why: "is nested, and only flat columns are read")
        }
        if element.converted == 5 || element.logical?.id == ParquetFormat.Logical.decimal { return .unreadable(why: "is a decimal; write it as double") }
        guard let type = type(of: element, physical) else {
            return .unreadable(why: physical == .int96 ? "is an INT96 timestamp; write 64-bit timestamps" : "is of a type that is not read")
        }
        let isOptional = element.repetition == ParquetFormat.Repetition.optional.rawValue
        return .flat(ParquetColumn(element.name, type, isOptional: isOptional), physical: physical, leaf: leaf)
    }

    private static func type(of element: ParquetFooter.SchemaElement, _ physical: ParquetFormat.Physical) -> ParquetType? {
        let converted = element.converted ?? -1
        typealias Converted = ParquetFormat.Converted
        typealias Logical = ParquetFormat.Logical
        let isUnsigned = element.logical?.id == Logical.integer
            ? element.logical?.isSigned == false : (Converted.uint8...Converted.uint64).contains(converted)
        let unit = element.logical?.unit
        switch (physical, element.logical?.id) {
        case (.boolean, _): return .bool
        case (.float, _): return .float
        case (.double, _): return .double
        case (.int32, Logical.date?): return .date
        case (.int32, Logical.time?): return unit == .milliseconds ? .time(.milliseconds) : nil
        case (.int32, nil) where converted == Converted.date: return .date
        case (.int32, nil) where converted == Converted.timeMillis: return .time(.milliseconds)
        case (.int32, _): return isUnsigned ? .uint32 : .int32
        case (.int64, Logical.timestamp?): return unit.map { .timestamp($0, isUTC: element.logical?.isUTC ?? false) }
        case (.int64, Logical.time?): return unit.map { .time($0) }
        case (.int64, nil) where converted == Converted.timestampMillis: return .timestamp(.milliseconds, isUTC: true)
        case (.int64, nil) where converted == Converted.timestampMicros: return .timestamp(.microseconds, isUTC: true)
        case (.int64, nil) where converted == Converted.timeMicros: return .time(.microseconds)
        case (.int64, _): return isUnsigned ? .uint64 : .int64
        case (.byteArray, Logical.string?), (.byteArray, Logical.enumeration?), (.byteArray, Logical.json?): return .string
        case (.byteArray, nil) where [Converted.utf8, Converted.enumeration, Converted.json].contains(converted): return .string
        case (.byteArray, _): return .binary
        case (.int96, _), (.fixedLengthByteArray, _): return nil
        }
    }
}
