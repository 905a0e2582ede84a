import Foundation

/// What a run answers over HTTP, without sockets: `/` a page, `/state` its data, `/metrics`, `/health`, and
/// `POST /kill` for whoever has the token.
public struct ObserveDoor: Sendable {
    public struct Request: Sendable {
        public var method: String
        /// Without the query.
        public var path: String
        /// Names in lower case.
        public var headers: [(name: String, value: String)]

        public init(method: String, path: String, headers: [(name: String, value: String)] = []) {
            self.method = method
            self.path = path
            self.headers = headers
        }

        func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    }
    public struct Reply: Equatable, Sendable {
        public var status: Int
        public var contentType: String
        public var body: [UInt8]

        static func text(_ status: Int, _ text: String, _ contentType: String = "text/plain; charset=utf-8") -> Reply {
            Reply(status: status, contentType: contentType, body: Array(text.utf8))
        }
    }

    private let token: String
    private let status: @Sendable () -> LiveStatus?
    private let kill: @Sendable (_ reason: String) -> Void

    /// - Parameters:
    ///   - token: what `POST /kill` must show; at least 16 characters.
    ///   - status: nil before there is one.
    ///   - kill: called once for each request that shows the token.
    public init(token: String, status: @escaping @Sendable () -> LiveStatus?, kill: @escaping @Sendable (_ reason: String) -> Void) {
        precondition(token.utf8.count >= 16, "a token that can be guessed is none")
        self.token = token
        self.status = status
        self.kill = kill
    }

    public func answer(_ request: Request) -> Reply {
        // A page of another site that has talked a browser into another address for its own name.
        guard Self.isLocalName(request.header("host")) else { return .text(403, "this is for this machine alone\n") }
        if request.path == "/kill" {
            guard request.method == "POST" else { return .text(405, "POST it\n") }
            guard let given = request.header("authorization"), Self.isEqual(given, "Bearer \(token)") else {
                return .text(401, "the token is missing or wrong\n")
            }
            kill("asked for over HTTP")
            return .text(202, "everything is being cancelled\n")
        }
        guard request.method == "GET" || request.method == "HEAD" else { return .text(405, "GET it\n") }
        if request.path == "/" { return .text(200, ObservePage.html, "text/html; charset=utf-8") }
        guard ["/state", "/metrics", "/health"].contains(request.path) else { return .text(404, "there are /, /state, /metrics, /health and POST /kill\n") }
        guard let status = status() else { return .text(503, "the run has not begun\n") }
        switch request.path {
        case "/metrics": return .text(200, MetricsText.text(status), MetricsText.contentType)
        case "/health":
            let faults = status.faults
            return .text(faults.isEmpty ? 200 : 503, faults.isEmpty ? "ok\n" : faults.joined(separator: "\n") + "\n")
        default: return Self.state(status)
        }
    }

    private static func state(_ status: LiveStatus) -> Reply {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let body = try? encoder.encode(State(status: status, faults: status.faults)) else { return .text(500, "the state cannot be written\n") }
        return Reply(status: 200, contentType: "application/json", body: Array(body))
    }

    private struct State: Encodable {
        var status: LiveStatus
        var faults: [String]
    }

    private static func isLocalName(_ host: String?) -> Bool {
        guard let host else { return true }
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        return name == "127.0.0.1" || name == "localhost" || name == "[::1]"
    }

    /// In a time that does not tell how much of it is right.
    private static func isEqual(_ a: String, _ b: String) -> Bool {
        let a = Array(a.utf8), b = Array(b.utf8)
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
