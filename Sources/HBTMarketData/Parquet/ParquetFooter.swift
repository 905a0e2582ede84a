/// What the reader keeps of a footer.
struct ParquetFooter {
    var schema: [SchemaElement] = []
    var rows: Int64 = -1
    var groups: [Group] = []
    var metadata: [(key: String, value: String)] = []
    var createdBy = ""
    var isEncrypted = false

    struct SchemaElement {
        var physical: Int32?
        var repetition: Int32?
        var name = ""
        /// Nil for a leaf.
        var children: Int32?
        var converted: Int32?
        var logical: Logical?
    }

    /// `LogicalType`, as far as it decides how values are read.
    struct Logical {
        /// Member of the union.
        var id = 0
        var bitWidth: Int8 = 0
        var isSigned = true
        var isUTC = false
        var unit: ParquetTimeUnit?
    }

    struct Group {
        var rows: Int64 = -1
        var chunks: [Chunk] = []
    }

    struct Chunk {
        var physical: Int32 = -1
        var codec: Int32 = -1
        var values: Int64 = -1
        var bytes: Int64 = -1
        var dataOffset: Int64 = -1
        var dictionaryOffset: Int64?
        var isInAnotherFile = false
        var isEncrypted = false

        /// Where the first page is. Some writers give 0 for "no dictionary".
        var start: Int64 {
            guard let dictionaryOffset, dictionaryOffset > 0 else { return dataOffset }
            return min(dictionaryOffset, dataOffset)
        }
    }
}
