import HBTTypes

/// One asset's rows on the way to a graph, from a tape; the twin of `FactorFeed`.
final class TapeFactorFeed {
    private var local: TapeLocal
    private let memory: TapeBookMemory
    private let attachment: FactorAttachment
    private(set) var failure: (any Error)?

    /// - Throws: when the tape was made for other settings, or is damaged.
    init(tape: any TapeSource, input: AssetInput, attachment: FactorAttachment, isReference: Bool) throws(EngineError) {
        let opened = try Self.open(tape, input, isReference: isReference)
        local = opened.local
        memory = opened.memory
        self.attachment = attachment
        local.keepBits()
        settle()
    }

    private static func open(
        _ tape: any TapeSource, _ input: AssetInput, isReference: Bool
    ) throws(EngineError) -> (local: TapeLocal, memory: TapeBookMemory) {
        do {
            var header = TapeHeader(spec: input.spec, isReference: isReference, snapshot: input.initialSnapshot)
            try header.read(tape.header)
            let memory = TapeBookMemory(header: header, hasSums: true)
            return (try TapeLocal(source: tape, header: header, memory: memory, keepsTrades: false), memory)
        } catch {
            throw EngineError("\(input.spec.symbol): \(error)")
        }
    }

    var rowsRead: Int64 { local.rowsEnd }
    /// Time of the next local row; `.max` at the end.
    var nextNs: Int64 { local.nextNs }

    func process(upTo limitNs: Int64) {
        do { try local.process(upTo: limitNs, factors: attachment) } catch { if failure == nil { failure = error } }
    }

    func settle() { attachment.core.pointee.probes[attachment.asset].settle(&local.book) }
}
