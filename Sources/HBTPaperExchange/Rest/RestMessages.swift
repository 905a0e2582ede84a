import HBTBinance

/// A request as it came over HTTP.
public struct RestRequest: Sendable {
    public var method: String
    /// Without the query.
    public var path: String
    /// As sent, still escaped: signatures are over these bytes.
    public var query: String
    public var body: String
    /// Names in lower case.
    public var headers: [(name: String, value: String)]

    public init(method: String, path: String, query: String = "", body: String = "", headers: [(name: String, value: String)] = []) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.headers = headers
    }

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// What goes back.
public struct RestReply: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
    /// Milliseconds to wait before sending it.
    public var delayMs: Int64 = 0
    /// True: never send it; the connection breaks.
    public var isLost = false

    public init(status: Int = 200, headers: [(name: String, value: String)] = [], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    init(_ error: VenueError) { self.init(status: error.httpStatus, body: error.json) }

    public var text: String { String(decoding: body, as: UTF8.self) }
}
