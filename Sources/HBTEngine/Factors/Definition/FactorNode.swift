import HBTTypes

/// One node as the settings define it.
struct FactorNode: Sendable {
    var id: String
    /// As written, for messages.
    var typeName: String
    var kind: FactorKind
    var dependencies: [Dependency]
    /// Instrument of a source; nil for the graph's own.
    var asset: String?
    var location: SourceLocation
    /// Has a column in the output.
    var isOutput = true

    struct Dependency: Sendable {
        var id: String
        var location: SourceLocation
    }

    var source: FactorSource? { if case .source(let source) = kind { source } else { nil } }
}
