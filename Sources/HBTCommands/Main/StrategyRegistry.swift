import HBTEngine

/// The strategies that `[strategy] type = "…"` may name.
///
/// Unchecked because metatypes of a protocol are not yet known to be sendable; they never change.
struct StrategyRegistry: @unchecked Sendable {
    private let types: [any Strategy.Type]

    /// - Parameter own: the user's; one named as a built-in stands in its place.
    init(_ own: [any Strategy.Type], builtIn: [any Strategy.Type] = []) {
        types = own + builtIn.filter { type in !own.contains { $0.typeName == type.typeName } }
    }

    /// In order of registration.
    var names: [String] { types.map { $0.typeName } }

    /// The name given to two of the user's own strategies, if any.
    var twice: String? {
        names.indices.first { names[..<$0].contains(names[$0]) }.map { names[$0] }
    }

    func type(named name: String) -> (any Strategy.Type)? { types.first { $0.typeName == name } }
}
