/// Reads flat tables from a Parquet file, one row group at a time.
///
/// Any file may be opened, whatever its bytes: what is damaged or not read is an error that says so.
public final class ParquetReader {
    public var path: String { file.path }
    /// The columns that can be read, in the file's order.
    public let columns: [ParquetColumn]
    public let rowCount: Int64
    /// Keys and values of the footer, in the file's order.
    public let metadata: [(key: String, value: String)]
    /// The program that wrote the file, as it calls itself.
    public let createdBy: String

    private let file: InputFile
    private let footerStart: Int64
    private let schema: ParquetSchema
    private let groups: [ParquetFooter.Group]
    private let chunks: ParquetChunkReader

    /// More rows in one row group are refused: it is read at once, and a damaged count must not take the memory.
    static let largestGroup: Int64 = 1 << 27

    /// Reads the footer.
    ///
    /// - Throws: `cannotOpen`, `cannotRead`, `notThisFormat`, `truncated`, `corrupt`, `unsupported`.
    public init(path: String) throws(MarketDataError) {
        file = try InputFile(path: path)
        let (bytes, start) = try Self.footer(of: file)
        footerStart = start
        let footer: ParquetFooter
        do throws(ParquetFault) {
            footer = try bytes.withRawBytes { (bytes) throws(ParquetFault) in try ParquetFooter(bytes) }
            guard !footer.isEncrypted else { throw .unsupported("encryption; write the file without") }
            schema = try ParquetSchema(footer.schema)
            try Self.check(footer, leafCount: schema.leafCount)
        } catch { throw error.error(path: path, place: "footer: ") }
        columns = schema.fields.compactMap { if case .flat(let column, _, _) = $0.content { column } else { nil } }
        rowCount = footer.rows
        metadata = footer.metadata
        createdBy = footer.createdBy
        groups = footer.groups
        chunks = ParquetChunkReader(file: file, decompressor: ParquetDecompressor())
    }

    public var rowGroupCount: Int { groups.count }

    public func rowCount(ofGroup group: Int) -> Int { Int(groups[group].rows) }

    /// Reads the named columns of a row group, or all columns of the file.
    ///
    /// - Parameter group: 0 to `rowGroupCount` − 1.
    /// - Throws: `invalid` for a name that the file does not have, `unsupported` for a column that is not read (nested
    ///   ones above all), `corrupt`.
    public func read(group: Int, columns names: [String]? = nil) throws(MarketDataError) -> ParquetTable {
        precondition(groups.indices.contains(group), "row groups are numbered from 0")
        var columns: [ParquetColumnValues] = []
        if let names {
            for name in names {
                guard let field = schema.fields.first(where: { $0.name == name }) else {
                    throw MarketDataError(path: path, .invalid(Self.noColumn(name, among: schema.fields.map(\.name))))
                }
                columns.append(try read(field, group: group))
            }
        } else {
            for field in schema.fields { columns.append(try read(field, group: group)) }
        }
        return ParquetTable(path: path, rowCount: Int(groups[group].rows), columns: columns)
    }

    static func noColumn(_ name: String, among names: [String]) -> String {
        let shown = names.prefix(20).joined(separator: ", ")
        return "no column \(name); there are \(shown)\(names.count > 20 ? " and \(names.count - 20) more" : "")"
    }

    private func read(_ field: ParquetSchema.Field, group: Int) throws(MarketDataError) -> ParquetColumnValues {
        guard case .flat(let column, let physical, let leaf) = field.content else {
            guard case .unreadable(let why) = field.content else { preconditionFailure("a field is flat or unreadable") }
            throw ParquetFault.unsupported("column \(field.name): it \(why); read the other columns by name")
                .error(path: path, place: "")
        }
        let chunk = groups[group].chunks[leaf]
        let place = "column \(column.name), row group \(group): "
        do throws(ParquetFault) { try check(chunk, physical, rows: groups[group].rows) } catch { throw error.error(path: path, place: place) }
        func values<Value: ParquetDecodable>(
            _ type: Value.Type, _ wrap: ([Value]) -> ParquetValues
        ) throws(MarketDataError) -> ParquetColumnValues {
            let (values, isValid) = try chunks.read(chunk, as: type, isOptional: column.isOptional, place: place)
            return ParquetColumnValues(column: column, values: wrap(values), isValid: isValid)
        }
        switch column.type {
        case .bool: return try values(Bool.self) { .bools($0) }
        case .int32, .date, .time(.milliseconds): return try values(Int32.self) { .int32s($0) }
        case .int64, .timestamp, .time: return try values(Int64.self) { .int64s($0) }
        case .uint32: return try values(UInt32.self) { .uint32s($0) }
        case .uint64: return try values(UInt64.self) { .uint64s($0) }
        case .float: return try values(Float.self) { .floats($0) }
        case .double: return try values(Double.self) { .doubles($0) }
        case .string: return try values(String.self) { .strings($0) }
        case .binary: return try values([UInt8].self) { .binaries($0) }
        }
    }

    private func check(_ chunk: ParquetFooter.Chunk, _ physical: ParquetFormat.Physical, rows: Int64) throws(ParquetFault) {
        guard !chunk.isInAnotherFile else { throw .unsupported("data in another file; read that file") }
        guard !chunk.isEncrypted else { throw .unsupported("encryption; write the file without") }
        guard chunk.physical == physical.rawValue else { throw .corrupt("schema and data disagree about the type") }
        guard chunk.values == rows else { throw .corrupt("\(chunk.values) values in \(rows) rows") }
        guard rows > 0 else { return }
        guard chunk.start >= 4, chunk.start <= footerStart, chunk.bytes >= 0, chunk.bytes <= footerStart - chunk.start else {
            throw .corrupt("its data is said to be outside the file")
        }
    }
}
