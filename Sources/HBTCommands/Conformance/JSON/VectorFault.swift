/// Why a file is not a vector that can be run: one line, naming the place.
struct VectorFault: Error, Equatable, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
