/// A number in the place of a sum that is costly to make: it lies within `error` of the sum, which
/// whoever must know it finds in the book of `place`.
struct SumStandIn: BitwiseCopyable {
    let error: Double
    let place: TapePlace
}
