extension ParquetFooter {
    /// Field numbers are those of `parquet.thrift`.
    init(_ bytes: UnsafeRawBufferPointer) throws(ParquetFault) {
        var reader = ThriftReader(bytes)
        var footer = ParquetFooter(empty: ())
        try reader.structure { (reader, field) throws(ParquetFault) in
            switch field.id {
            case 2:
                try reader.list(field, of: ThriftType.structure) { (reader) throws(ParquetFault) in
                    footer.schema.append(try SchemaElement(&reader))
                }
            case 3: footer.rows = try reader.i64(field)
            case 4:
                try reader.list(field, of: ThriftType.structure) { (reader) throws(ParquetFault) in
                    footer.groups.append(try Group(&reader))
                }
            case 5:
                try reader.list(field, of: ThriftType.structure) { (reader) throws(ParquetFault) in
                    var pair = (key: "", value: "")
                    try reader.structure { (reader, field) throws(ParquetFault) in
                        switch field.id {
                        case 1: pair.key = try reader.string(field)
                        case 2: pair.value = try reader.string(field)
                        default: try reader.skip(field)
                        }
                    }
                    footer.metadata.append(pair)
                }
            case 6: footer.createdBy = try reader.string(field)
            case 8:
                footer.isEncrypted = true
                try reader.skip(field)
            default: try reader.skip(field)
            }
        }
        self = footer
    }

    private init(empty: Void) {}
}

extension ParquetFooter.SchemaElement {
    init(_ reader: inout ThriftReader) throws(ParquetFault) {
        var element = Self()
        try reader.structure { (reader, field) throws(ParquetFault) in
            switch field.id {
            case 1: element.physical = try reader.i32(field)
            case 3: element.repetition = try reader.i32(field)
            case 4: element.name = try reader.string(field)
            case 5: element.children = try reader.i32(field)
            case 6: element.converted = try reader.i32(field)
            case 10: element.logical = try ParquetFooter.Logical(&reader, field)
            default: try reader.skip(field)
            }
        }
        self = element
    }
}

extension ParquetFooter.Logical {
    init(_ reader: inout ThriftReader, _ field: ThriftReader.Field) throws(ParquetFault) {
        var logical = Self()
        try reader.structure(field) { (reader, member) throws(ParquetFault) in
            logical.id = member.id
            switch member.id {
            case ParquetFormat.Logical.integer:
                try reader.structure(member) { (reader, field) throws(ParquetFault) in
                    switch field.id {
                    case 1: logical.bitWidth = try reader.i8(field)
                    case 2: logical.isSigned = try reader.bool(field)
                    default: try reader.skip(field)
                    }
                }
            case ParquetFormat.Logical.timestamp, ParquetFormat.Logical.time:
                try reader.structure(member) { (reader, field) throws(ParquetFault) in
                    switch field.id {
                    case 1: logical.isUTC = try reader.bool(field)
                    case 2:
                        try reader.structure(field) { (reader, unit) throws(ParquetFault) in
                            logical.unit = ParquetTimeUnit(thriftId: unit.id)
                            try reader.skip(unit)
                        }
                    default: try reader.skip(field)
                    }
                }
            default: try reader.skip(member)
            }
        }
        self = logical
    }
}

extension ParquetFooter.Group {
    init(_ reader: inout ThriftReader) throws(ParquetFault) {
        var group = Self()
        try reader.structure { (reader, field) throws(ParquetFault) in
            switch field.id {
            case 1:
                try reader.list(field, of: ThriftType.structure) { (reader) throws(ParquetFault) in
                    group.chunks.append(try ParquetFooter.Chunk(&reader))
                }
            case 3: group.rows = try reader.i64(field)
            default: try reader.skip(field)
            }
        }
        self = group
    }
}

extension ParquetFooter.Chunk {
    init(_ reader: inout ThriftReader) throws(ParquetFault) {
        var chunk = Self()
        try reader.structure { (reader, field) throws(ParquetFault) in
            switch field.id {
            case 1:
                chunk.isInAnotherFile = true
                try reader.skip(field)
            case 3:
                try reader.structure(field) { (reader, field) throws(ParquetFault) in
                    switch field.id {
                    case 1: chunk.physical = try reader.i32(field)
                    case 4: chunk.codec = try reader.i32(field)
                    case 5: chunk.values = try reader.i64(field)
                    case 7: chunk.bytes = try reader.i64(field)
                    case 9: chunk.dataOffset = try reader.i64(field)
                    case 11: chunk.dictionaryOffset = try reader.i64(field)
                    default: try reader.skip(field)
                    }
                }
            case 8, 9:
                chunk.isEncrypted = true
                try reader.skip(field)
            default: try reader.skip(field)
            }
        }
        self = chunk
    }
}

extension ParquetTimeUnit {
    init?(thriftId: Int) {
        switch thriftId {
        case 1: self = .milliseconds
        case 2: self = .microseconds
        case 3: self = .nanoseconds
        default: return nil
        }
    }
}
