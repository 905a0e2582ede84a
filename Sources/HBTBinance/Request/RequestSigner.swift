import HBTDigest

/// Signs requests with HMAC-SHA256.
///
/// The venue signs what was sent, byte for byte: the query string followed by the body, with nothing between,
/// without the `signature` parameter itself.
public struct RequestSigner: Sendable {
    public let apiKey: String
    private let secret: [UInt8]

    public init(apiKey: String, secret: String) {
        self.apiKey = apiKey
        self.secret = Array(secret.utf8)
    }

    public func signature(query: String, body: String = "") -> String {
        Hex.text(HMACSHA256.authenticate(Array((query + body).utf8), key: secret))
    }

    /// The parameters with `timestamp`, `recvWindow` and, last, `signature`.
    public func signed(_ parameters: QueryString, timestampMs: Int64, recvWindowMs: Int64? = nil) -> String {
        var query = parameters
        if let recvWindowMs { query.append("recvWindow", String(recvWindowMs)) }
        query.append("timestamp", String(timestampMs))
        let text = query.text
        return text + "&signature=" + signature(query: text)
    }

    /// What a request of the WebSocket API signs: its parameters by name, joined as in a query string,
    /// not escaped.
    public static func socketPayload(_ parameters: [(name: String, value: String)]) -> String {
        parameters.filter { $0.name != "signature" }.sorted { $0.name < $1.name }.map { $0.name + "=" + $0.value }.joined(separator: "&")
    }

    public func socketSignature(_ parameters: [(name: String, value: String)]) -> String {
        signature(query: Self.socketPayload(parameters))
    }

    /// What was signed, from what arrived: the raw query and body without their `signature` parameter.
    public static func signedText(query: String, body: String) -> String { unsigned(query) + unsigned(body) }

    private static func unsigned(_ text: String) -> String {
        text.split(separator: "&", omittingEmptySubsequences: false).filter { !$0.hasPrefix("signature=") }.joined(separator: "&")
    }
}
