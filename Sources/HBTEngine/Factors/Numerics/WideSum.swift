/// A 128-bit integer sum of products: price × quantity without rounding and without overflow.
struct WideSum: BitwiseCopyable, Equatable {
    var high: Int64 = 0
    var low: UInt64 = 0

    @inline(__always) mutating func add(_ a: Int64, times b: Int64) {
        let product = a.multipliedFullWidth(by: b)
        let (sum, carry) = low.addingReportingOverflow(product.low)
        low = sum
        high = high &+ product.high &+ (carry ? 1 : 0)
    }

    @inline(__always) mutating func subtract(_ a: Int64, times b: Int64) {
        let product = a.multipliedFullWidth(by: b)
        let (difference, borrow) = low.subtractingReportingOverflow(product.low)
        low = difference
        high = high &- product.high &- (borrow ? 1 : 0)
    }

    /// Rounded twice at most.
    @inline(__always) var value: Double {
        // Small sums, and small negative ones, convert exactly by their low word.
        if high == Int64(bitPattern: low) >> 63 { return Double(Int64(bitPattern: low)) }
        return Double(high) * 18_446_744_073_709_551_616 + Double(low)
    }
}

/// Σ price × quantity in (whole, part) lots.
struct WideMoment: BitwiseCopyable, Equatable {
    var whole = WideSum()
    var part = WideSum()

    @inline(__always) mutating func add(_ price: Int64, _ quantity: LotQuantity) {
        whole.add(price, times: quantity.whole)
        if quantity.part != 0 { part.add(price, times: quantity.part) }
    }
    @inline(__always) mutating func subtract(_ price: Int64, _ quantity: LotQuantity) {
        whole.subtract(price, times: quantity.whole)
        if quantity.part != 0 { part.subtract(price, times: quantity.part) }
    }
    /// In price units × lots.
    @inline(__always) var value: Double { whole.value + part.value / LotQuantity.partsPerLot }
}
