import HBTEngine
import HBTTypes

/// What a connector and a bot say to each other: numbered frames of journal entries.
///
/// Numbers count by one in each direction from the entry that opens a conversation (`.start`), so that a lost frame
/// is noticed. Frames come from another process and are untrusted: what cannot be read is an error.
public struct RelayFrame: Equatable, Sendable {
    private static let version: UInt8 = 1
    public var number: UInt64
    public var entries: [JournalEntry]

    public init(number: UInt64, entries: [JournalEntry]) {
        self.number = number
        self.entries = entries
    }

    public var bytes: [UInt8] {
        var out = Self.head(number)
        for entry in entries { out.put(entry) }
        return out.bytes
    }

    static func head(_ number: UInt64) -> StateWriter {
        var out = StateWriter()
        out.begin("HBTR")
        out.put(version)
        out.put(number)
        return out
    }

    public init(bytes: [UInt8]) throws(StateError) {
        var input = StateReader(bytes)
        try input.expect("HBTR")
        let version = try input.byte()
        guard version == Self.version else { throw StateError("a frame of version \(version); this program speaks \(Self.version)") }
        number = try input.word()
        entries = []
        while !input.isAtEnd { entries.append(try input.journalEntry()) }
    }
}
