#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What levels add to a sum of doubles that is made by adding one level after the other.
///
/// Let F lie in [2^e, 2^(e+1)), and u = 2^(e−52). There doubles are the multiples of u, one bit pattern
/// after the other, so fl(F + q) = F + r·u with a whole r, and as long as the sum stays below 2^(e+1), r
/// is the same for F and F + 2u: rounding to even commutes with shifts by even multiples of u. If it is
/// the same for an even and an odd multiple of u, too, it is the same for every F of the binade: the
/// level's *term* at e. (It is not where q lies exactly between two multiples of u: about one level in
/// 2^(e − e_q).) The bit pattern of a sum of such levels is the first one plus their terms, in any order,
/// if what comes out still has the exponent e. If it has not, some step left the binade, for sums of
/// terms only grow.
///
/// A term is stored as r·2⁷, levels without one (ties, and sizes from 2^(e−3) up, so that 64 terms fit
/// an integer) as 1: the low bits of a sum over 64 levels count those that must be added by themselves.
struct SerialTerms {
    static let flagBits: Int64 = 7
    static let flagMask: Int64 = 1 << flagBits - 1
    /// Lots whose terms are looked up.
    static let tableSize = 1 << 14
    /// Tables there may be, the first of which holds nothing but 0: blocks without a binade.
    static let tableLimit: Int32 = 24
    /// Exponent fields of F for which tables are made; far from underflow and overflow.
    static let exponents: ClosedRange<UInt64> = 64...1984

    let terms: UnsafeMutablePointer<Int64>
    private let lotValue: LotValue
    private let values: UnsafeMutablePointer<Double>
    /// Where the table of an exponent field starts; 0 for none.
    private let starts: UnsafeMutablePointer<Int32>
    /// Exponent fields of the tables.
    private let made: UnsafeMutablePointer<UInt64>
    private var count: Int32 = 1

    /// - Parameter values: quantities of the first `tableSize` whole numbers of lots.
    init(lotValue: LotValue, values: UnsafeMutablePointer<Double>) {
        self.lotValue = lotValue
        self.values = values
        terms = TapeBookMemory.zeroed(Self.tableSize * Int(Self.tableLimit), Int64.self)
        starts = TapeBookMemory.zeroed(2048, Int32.self)
        made = TapeBookMemory.zeroed(Int(Self.tableLimit), UInt64.self)
    }

    func deallocate() {
        free(terms)
        free(starts)
        free(made)
    }

    /// The term of a quantity where F has this exponent field.
    static func term(_ quantity: Double, exponent: UInt64) -> Int64 {
        let even = Double(bitPattern: exponent << 52), odd = even.nextUp
        let r = (even + quantity).bitPattern &- even.bitPattern
        let isRegular = quantity >= 0 && quantity < even / 8 && (odd + quantity).bitPattern &- odd.bitPattern == r
        return isRegular ? Int64(truncatingIfNeeded: r) << flagBits : 1
    }

    /// Start of the table for F's exponent field; -1 when there is none.
    @inline(__always) func start(_ exponent: UInt64) -> Int32 {
        guard exponent < 2048 else { return -1 }
        let start = starts[Int(exponent)]
        return start == 0 ? -1 : start
    }

    var isFull: Bool { count == Self.tableLimit }

    /// - Precondition: there is none for this exponent yet, and room for another.
    mutating func makeTable(_ exponent: UInt64) -> Int32 {
        precondition(Self.exponents.contains(exponent) && count < Self.tableLimit, "a table of terms too many")
        let start = count * Int32(Self.tableSize)
        for lots in 0..<Self.tableSize { terms[Int(start) + lots] = Self.term(values[lots], exponent: exponent) }
        starts[Int(exponent)] = start
        made[Int(count)] = exponent
        count += 1
        return start
    }

    mutating func removeAll() {
        for i in 1..<Int(count) { starts[Int(made[i])] = 0 }
        count = 1
    }

    /// The term of `lots` by the table that starts at `start`.
    @inline(__always) func term(lots: Int32, _ start: Int32) -> Int64 {
        lots < Self.tableSize ? terms[Int(start) + Int(lots)] : computed(lots, start)
    }

    @inline(never) private func computed(_ lots: Int32, _ start: Int32) -> Int64 {
        start == 0 ? 0 : Self.term(lotValue(Int64(lots)), exponent: made[Int(start) / Self.tableSize])
    }
}
