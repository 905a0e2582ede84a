/// Keeps what repeats from flooding the log: of the notes that differ in their numbers alone, one a second is written,
/// with how many were not. (The journal has them all.)
struct NoteFilter {
    private struct Kind {
        var writtenNs: Int64
        var left: Int64
    }
    private var kinds: [String: Kind] = [:]

    /// What to write; nil for nothing.
    mutating func text(_ note: String, at ns: Int64) -> String? {
        let kind = note.filter { !$0.isNumber }
        if let known = kinds[kind], ns &- known.writtenNs < 1_000_000_000 {
            kinds[kind]?.left += 1
            return nil
        }
        let left = kinds[kind]?.left ?? 0
        // What is not heard any more is forgotten.
        if kinds.count >= 256 { kinds = [:] }
        kinds[kind] = Kind(writtenNs: ns, left: 0)
        return left == 0 ? note : "\(note) (and \(left) like it)"
    }
}
