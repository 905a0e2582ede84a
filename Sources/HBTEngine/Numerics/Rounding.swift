#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Rounded to the nearest integer, ties away from zero, as an exact 64-bit integer.
///
/// Saturates outside the range of Int64 and gives 0 for NaN (the conversions of the reference).
/// Adding the largest double below one half and truncating equals `round` for |x| < 2⁵² without a
/// library call; at and above 2⁵² every double is an integer already.
@inline(__always)
func roundedInt(_ x: Double) -> Int64 {
    if x.magnitude < 4_503_599_627_370_496 {
        return Int64(x + (x < 0 ? -0.49999999999999994 : 0.49999999999999994))
    }
    return saturatingInt(x)
}

/// Truncated toward zero, saturating; NaN gives 0.
@inline(__always)
func saturatingInt(_ x: Double) -> Int64 {
    if x.isNaN { return 0 }
    if x >= 9_223_372_036_854_775_808 { return .max }
    if x < -9_223_372_036_854_775_808 { return .min }
    return Int64(x)
}

/// IEEE 754 minNum: the other operand when exactly one is NaN.
@inline(__always)
func minimumNumber(_ a: Double, _ b: Double) -> Double {
    if a.isNaN { return b }
    if b.isNaN { return a }
    return a < b ? a : b
}

@inline(__always) func naturalLog(_ x: Double) -> Double { log(x) }
@inline(__always) func exponential(_ x: Double) -> Double { exp(x) }
@inline(__always) func power(_ x: Double, _ n: Double) -> Double { pow(x, n) }
