import HBTLive
import HBTTypes

/// What a replayed journal came to, for people and for machines.
struct ReplayOutcome: Encodable {
    var equal: Bool
    var difference: String?
    var digest: String
    var steps: Int64
    var requests: Int64
    var marks: Int64
    var entries: Int64
    var tail: String

    init(_ outcome: JournalReplay.Outcome) {
        equal = outcome.difference == nil
        difference = outcome.difference
        digest = Digest(outcome.place.digest).hex
        steps = outcome.place.steps
        requests = outcome.requests
        marks = outcome.marks
        entries = outcome.entries
        tail = outcome.tail.description
    }

    var text: String {
        if let difference { return "different: \(difference)" }
        return "equal: \(requests) requests, \(marks) marks, \(steps) steps, digest \(digest); the journal is \(tail)"
    }
}
