/// What is wrong with bytes, found where file and column are not known; the reader adds them.
enum ParquetFault: Error, Equatable {
    /// The bytes end before the value does.
    case ended
    case corrupt(String)
    case unsupported(String)

    /// - Parameter place: Where in the file, ending in `: `; empty for the file as a whole.
    func error(path: String, place: String) -> MarketDataError {
        switch self {
        case .ended: MarketDataError(path: path, .corrupt("\(place)the data ends too early; copy or write the file again"))
        case .corrupt(let how): MarketDataError(path: path, .corrupt("\(place)\(how); copy or write the file again"))
        case .unsupported(let what): MarketDataError(path: path, .unsupported("\(place)\(what)"))
        }
    }
}
