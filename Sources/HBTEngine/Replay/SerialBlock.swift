/// What the levels of 64 ticks add to a sum of doubles that is made by adding one level after the other.
///
/// Let the sum F lie in [2^e, 2^(e+1)), and u = 2^(e−52). There doubles are the multiples of u, one bit
/// pattern after the other, so fl(F + q) = F + r·u with a whole r ≥ 0. While the sum stays below 2^(e+1),
/// r is the same for F and F + 2u: rounding to even commutes with shifts by even multiples of u. If it is
/// the same for an even and an odd multiple of u, too, it is the same for every F of the binade: the
/// level's *term* at e. (It is not where q lies exactly between two multiples of u: about one level in
/// 2^(e − e_q).) So the bit pattern of a sum of such levels is the first one plus their terms, in any
/// order, if what comes out still has the exponent e. If it has not, some step left the binade, for sums
/// of terms only grow.
///
/// A block is kept for the binade in which a walk from the best price last passed it, and follows its
/// levels as they change, until one of them has no term. It decides no result: a block of another binade,
/// or of none, is added level by level.
struct SerialBlock: BitwiseCopyable {
    /// Σ terms.
    private var sum: Int64 = 0
    /// 2^e; `nowhere` while there is none.
    private(set) var base = Self.nowhere

    /// No sum gets there, and no level moves it.
    static let nowhere = 0x1p1000
    /// Exponent fields that blocks are kept for; far from underflow and overflow.
    static let exponents: ClosedRange<UInt64> = 64...1984
    /// Sizes of one lot for which blocks are kept.
    static let lotSizes = 0x1p-200...0x1p200

    /// r of a quantity; nil for a tie, and from 2^e up. Sums of 64 terms fit an integer.
    static func term(_ quantity: Double, base even: Double) -> Int64? {
        let odd = even.nextUp
        let r = (even + quantity).bitPattern &- even.bitPattern
        guard quantity >= 0, quantity < even, (odd + quantity).bitPattern &- odd.bitPattern == r else { return nil }
        return Int64(truncatingIfNeeded: r)
    }

    init() {}

    /// - Parameter exponent: field of the sums that pass; must lie in `exponents`.
    init(exponent: UInt64) { base = Double(bitPattern: exponent << 52) }

    /// The field of the sums that may pass.
    @inline(__always) var exponent: UInt64 { base.bitPattern >> 52 }

    /// Another level; false when it has no term, and the block is of no binade any more.
    @inline(__always) mutating func add(_ quantity: Double) -> Bool {
        guard let term = Self.term(quantity, base: base) else {
            self = SerialBlock()
            return false
        }
        sum &+= term
        return true
    }

    /// A level has changed; sizes in lots of `lotSize`, quantities by `value`.
    ///
    /// The product with the lot size is within 2⁻⁵¹ of the quantity (two roundings each). Where it lies
    /// further than that from the middle between two multiples of u, both round to the same multiple. The
    /// same comparison keeps quantities below 2^e.
    @inline(__always)
    mutating func change(from old: Int32, to new: Int32, lotSize: Double, value: LotValue) {
        let about = SIMD2<Double>(SIMD2<Int32>(old, new)) * lotSize
        let sums = base + about
        let rest = unsafeBitCast(about - (sums - base), to: SIMD2<UInt64>.self) & UInt64(Int64.max)
        let doubt = unsafeBitCast(rest, to: SIMD2<Double>.self) * 0x1p53 + about * 5
        if doubt[0] < base && doubt[1] < base {
            let bits = unsafeBitCast(sums, to: SIMD2<Int64>.self)
            sum &+= bits[1] &- bits[0]
        } else {
            recount(from: old, to: new, value)
        }
    }

    @inline(never)
    private mutating func recount(from old: Int32, to new: Int32, _ value: LotValue) {
        guard base != Self.nowhere else { return }
        guard let gone = Self.term(value(Int64(old)), base: base), let come = Self.term(value(Int64(new)), base: base) else {
            self = SerialBlock()
            return
        }
        sum &+= come &- gone
    }

    /// The bit pattern of a sum that starts at `bits` and has passed the block; nil when it must be walked.
    @inline(__always) func passed(_ bits: UInt64) -> UInt64? {
        let next = bits &+ UInt64(truncatingIfNeeded: sum)
        return ((base.bitPattern ^ bits) | (next ^ bits)) >> 52 == 0 ? next : nil
    }

    /// The same for four blocks that lie one behind the other.
    @inline(__always) static func passed(_ four: UnsafeMutablePointer<SerialBlock>, _ bits: UInt64) -> UInt64? {
        let sum = (four[0].sum &+ four[1].sum) &+ (four[2].sum &+ four[3].sum)
        let next = bits &+ UInt64(truncatingIfNeeded: sum)
        let first = (four[0].base.bitPattern ^ bits) | (four[1].base.bitPattern ^ bits)
        let second = (four[2].base.bitPattern ^ bits) | (four[3].base.bitPattern ^ bits)
        return (first | second | (next ^ bits)) >> 52 == 0 ? next : nil
    }
}
