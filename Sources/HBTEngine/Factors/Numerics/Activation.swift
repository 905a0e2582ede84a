#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Outside the enum, whose own case would hide the function.
private func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }

extension CombineNode.Activation {
    func apply(_ x: Double) -> Double {
        switch self {
        case .linear: x
        case .tanh: hyperbolicTangent(x)
        case .sigmoid: 1 / (1 + exponential(-x))
        case .softsign: x / (1 + x.magnitude)
        }
    }
}
