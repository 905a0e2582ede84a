/// A running sum whose error does not grow with the number of terms.
///
/// Twice the working precision: each addition keeps its rounding error (T. J. Dekker, "A
/// floating-point technique for extending the available precision", 1971). A year of samples summed
/// plainly would lose digits that the statistics are compared to.
struct CompensatedSum: Equatable, Sendable {
    private var high = 0.0
    private var low = 0.0

    var value: Double { high + low }

    mutating func add(_ term: Double) {
        let sum = high + term
        let shifted = sum - high
        low += (high - (sum - shifted)) + (term - shifted)
        high = sum
    }

    /// Adds `a × b` without rounding the product first.
    mutating func add(product a: Double, _ b: Double) {
        let product = a * b
        add(product)
        low += (-product).addingProduct(a, b)
    }
}
