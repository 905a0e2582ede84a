/// The powers of a sample that a window sums, as distances from an origin.
protocol SampleLanes {
    associatedtype Element: BitwiseCopyable
    associatedtype Lanes: SIMD & BitwiseCopyable where Lanes.Scalar == Double
    static func lanes(of element: Element, from origin: Element) -> Lanes
    /// `origin` moved by the mean distance.
    static func moved(_ origin: Element, by sums: Lanes, count: Double) -> Element
    static var zero: Element { get }
    /// n·Σd² may exceed n·Σd² − (Σd)² by this factor, 1 + (mean/deviation)², before the origin moves: what
    /// the powers lose by cancelling.
    static var farOrigin: Double { get }
    /// n·Σd² and n·Σd² − (Σd)² of the worse conditioned variable.
    static func squares(_ sums: Lanes, count: Double, limit: Double) -> (about: Double, spread: Double)
}

/// d, d²: mean and deviation.
enum SquareLanes: SampleLanes {
    typealias Lanes = SIMD2<Double>
    static var zero: Double { 0 }
    static var farOrigin: Double { 1e4 }
    @inline(__always) static func lanes(of x: Double, from origin: Double) -> SIMD2<Double> {
        let d = x - origin
        return SIMD2(d, d * d)
    }
    static func moved(_ origin: Double, by sums: SIMD2<Double>, count: Double) -> Double { origin + sums[0] / count }
    @inline(__always) static func squares(_ sums: SIMD2<Double>, count: Double, limit: Double) -> (about: Double, spread: Double) {
        let about = count * sums[1]
        return (about, about - sums[0] * sums[0])
    }
}

/// d, d², d³: skewness.
enum CubeLanes: SampleLanes {
    typealias Lanes = SIMD4<Double>
    static var zero: Double { 0 }
    /// Cubes cancel to a power more.
    static var farOrigin: Double { 32 }
    @inline(__always) static func lanes(of x: Double, from origin: Double) -> SIMD4<Double> {
        let d = x - origin
        let square = d * d
        return SIMD4(d, square, square * d, 0)
    }
    static func moved(_ origin: Double, by sums: SIMD4<Double>, count: Double) -> Double { origin + sums[0] / count }
    @inline(__always) static func squares(_ sums: SIMD4<Double>, count: Double, limit: Double) -> (about: Double, spread: Double) {
        let about = count * sums[1]
        return (about, about - sums[0] * sums[0])
    }
}

/// dx, dy, dx², dy², dx·dy: correlation and regression.
enum PairLanes: SampleLanes {
    typealias Element = SIMD2<Double>
    typealias Lanes = SIMD8<Double>
    static var zero: SIMD2<Double> { .zero }
    /// A correlation near 0 is a difference, too.
    static var farOrigin: Double { 100 }
    @inline(__always) static func lanes(of x: SIMD2<Double>, from origin: SIMD2<Double>) -> SIMD8<Double> {
        let d = x - origin
        return SIMD8(d[0], d[1], d[0] * d[0], d[1] * d[1], d[0] * d[1], 0, 0, 0)
    }
    static func moved(_ origin: SIMD2<Double>, by sums: SIMD8<Double>, count: Double) -> SIMD2<Double> {
        SIMD2(origin[0] + sums[0] / count, origin[1] + sums[1] / count)
    }
    @inline(__always) static func squares(_ sums: SIMD8<Double>, count: Double, limit: Double) -> (about: Double, spread: Double) {
        let x = count * sums[2], y = count * sums[3]
        let spreadX = x - sums[0] * sums[0], spreadY = y - sums[1] * sums[1]
        return x > limit * spreadX ? (x, spreadX) : (y, spreadY)
    }
}
