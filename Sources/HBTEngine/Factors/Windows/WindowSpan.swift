/// How far back a window reaches.
enum WindowSpan: Equatable, Sendable {
    /// The last so many values.
    case count(Int)
    /// Everything not older than so many nanoseconds of the local clock.
    case time(ns: Int64)
}

/// `ns - span`, at least the smallest time there is.
@inline(__always) func earlier(_ ns: Int64, by span: Int64) -> Int64 {
    let (result, overflow) = ns.subtractingReportingOverflow(span)
    return overflow ? .min : result
}

/// `ns + span`, at most the largest time there is.
@inline(__always) func later(_ ns: Int64, by span: Int64) -> Int64 {
    let (result, overflow) = ns.addingReportingOverflow(span)
    return overflow ? .max : result
}

/// Values that windows take: finite, and small enough that their cubes can be summed. All others
/// count as undefined.
@inline(__always) func isSample(_ x: Double) -> Bool { x.magnitude <= 1e100 }
