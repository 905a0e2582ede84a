/// Why market data could not be read, written or trusted: what, where and what to do, in one line.
///
/// Example: `data/x.npz: member data.npy is truncated: 64,000 bytes expected, 12,345 found; copy the file again`.
public struct MarketDataError: Error, Equatable, Sendable {
    /// The file as the user named it; empty when the data never was in a file.
    public var path: String
    /// Name of the archive member the fault is in.
    public var member: String?
    /// Row of the array, counted from 0 as numpy does.
    public var row: Int?
    /// Line of a text file, counted from 1 as editors do.
    public var line: Int?
    public var reason: Reason

    public init(path: String, member: String? = nil, row: Int? = nil, line: Int? = nil, _ reason: Reason) {
        self.path = path
        self.member = member
        self.row = row
        self.line = line
        self.reason = reason
    }

    public enum Reason: Equatable, Sendable {
        /// The text is the operating system's.
        case cannotOpen(String)
        case cannotRead(String)
        case cannotWrite(String)
        /// The bytes are not of the format that the name promises, e.g. `a zip archive`.
        case notThisFormat(expected: String)
        /// Field types differ; both sides in numpy's notation.
        case wrongDtype(found: String, expected: String)
        case wrongShape(found: String, expected: String)
        case truncated(expectedBytes: Int64, foundBytes: Int64)
        case badChecksum(expected: UInt32, found: UInt32)
        /// Bytes after the end of what the headers describe.
        case trailingData(bytes: Int64)
        case missingMember(name: String, found: [String])
        /// Well formed, but of a kind that is not read; the text names it and says what to do.
        case unsupported(String)
        /// Damaged in a way no other case names; the text says how.
        case corrupt(String)
        case empty
        /// `clock` is the column: `exch_ts`, `local_ts`, `req_ts`.
        case timeWentBackwards(clock: String, previousNs: Int64, currentNs: Int64)
        /// A line or field that does not parse or has an impossible value; the text says what was
        /// found, what was expected and what to do.
        case invalid(String)
    }
}
