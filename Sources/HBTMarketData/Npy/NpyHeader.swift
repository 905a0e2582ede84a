/// The front of an npy array: dtype, order, shape.
///
/// Source: the format description in numpy's `numpy.lib.format`.
struct NpyHeader: Equatable {
    var dtype: NpyDtype
    var isFortranOrder: Bool
    var shape: [Int64]

    static let magic: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]  // \x93NUMPY
    /// numpy itself refuses to parse longer ones unless told to trust the file.
    static let longestText = 1 << 20

    init(dtype: NpyDtype, shape: [Int64]) {
        self.dtype = dtype
        self.isFortranOrder = false
        self.shape = shape
    }

    /// Parses the text between the length field and the array; `stream` is named in errors.
    init(text: [UInt8], version: UInt8, of stream: any ByteStream) throws(MarketDataError) {
        guard let literal = PythonLiteralParser.parse(text, isUTF8: version >= 3), let descr = literal["descr"],
            let dtype = NpyDtype(descr: descr), case .truth(let fortran)? = literal["fortran_order"],
            let shapeLiteral = literal["shape"]
        else { throw stream.error(.corrupt("its npy header does not parse; copy or convert the file again")) }
        var shape: [Int64] = []
        guard case .tuple(let lengths) = shapeLiteral else {
            throw stream.error(.corrupt("the shape in its npy header is not a tuple"))
        }
        for length in lengths {
            guard case .number(let number) = length, number >= 0 else {
                throw stream.error(.corrupt("the shape in its npy header is not made of lengths"))
            }
            shape.append(number)
        }
        self.dtype = dtype
        self.isFortranOrder = fortran
        self.shape = shape
    }

    /// Rows of a one-dimensional array of `Row`; every other array is an error that says what was found.
    func rowCount<Row: NpyRow>(of _: Row.Type, in stream: any ByteStream) throws(MarketDataError) -> Int64 {
        guard dtype.matches(Row.self) else {
            throw stream.error(.wrongDtype(found: dtype.summary, expected: NpyDtype(fields: Row.npyFields).summary))
        }
        guard shape.count == 1 else {
            let found = "shape (\(shape.map(String.init).joined(separator: ", ")))"
            throw stream.error(.wrongShape(found: found, expected: "one dimension; save a flat array"))
        }
        guard !isFortranOrder else {
            throw stream.error(.unsupported("Fortran order; save it again from numpy.ascontiguousarray"))
        }
        return shape[0]
    }

    /// One line when column names differ from those of `Row`: right types under other names are read, with this warning.
    func nameWarning<Row: NpyRow>(for _: Row.Type) -> String? {
        let found = dtype.fields.map(\.name)
        let expected = Row.npyFields.map(\.name)
        guard found != expected else { return nil }
        return "columns are named \(found.joined(separator: ", ")), expected \(expected.joined(separator: ", ")); "
            + "their types match, so they are read in this order"
    }
}
