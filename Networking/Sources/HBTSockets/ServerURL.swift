/// Where a server is, taken from a URL: `https://fapi.binance.com`, `ws://127.0.0.1:8080/stream?streams=…`.
public struct ServerURL: Hashable, Sendable, CustomStringConvertible {
    public enum Scheme: String, Hashable, Sendable { case http, https, ws, wss }

    public var scheme: Scheme
    /// A name, or an address (IPv6 without its brackets).
    public var host: String
    public var port: Int
    /// With the query; "" or beginning with `/`.
    public var path: String

    /// - Throws: what is wrong with the text, in one line.
    public init(_ text: String) throws(SocketFault) {
        guard let mark = text.firstRange(of: "://"), let scheme = Scheme(rawValue: text[..<mark.lowerBound].lowercased()) else {
            throw SocketFault.badAddress("\(text): http://, https://, ws:// or wss:// expected")
        }
        let rest = text[mark.upperBound...]
        let cut = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        var authority = rest[..<cut]
        guard !authority.contains("@") else { throw SocketFault.badAddress("an address with a user or password in it is not taken; remove it") }
        var port = scheme == .http || scheme == .ws ? 80 : 443
        let bracket = authority.lastIndex(of: "]") ?? authority.startIndex
        if let colon = authority[bracket...].lastIndex(of: ":") {
            guard let number = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(number) else {
                throw SocketFault.badAddress("\(text): the port is no number from 1 to 65535")
            }
            port = number
            authority = authority[..<colon]
        }
        if authority.hasPrefix("["), authority.hasSuffix("]") { authority = authority.dropFirst().dropLast() }
        // What follows goes into a request line as it is.
        guard !authority.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw SocketFault.badAddress("an address without a host, or with blanks in it: \(text.filter { $0.isASCII && !$0.isWhitespace })")
        }
        self.scheme = scheme
        host = String(authority)
        self.port = port
        let path = String(rest[cut...])
        self.path = path.hasPrefix("?") ? "/" + path : path
    }

    public var isSecure: Bool { scheme == .https || scheme == .wss }

    /// The same server at another path, which begins with `/`.
    public func at(_ path: String) -> ServerURL {
        var copy = self
        copy.path = path
        return copy
    }

    /// The same server, its own path before `path`.
    public func appending(_ path: String) -> ServerURL { at((self.path.hasSuffix("/") ? String(self.path.dropLast()) : self.path) + path) }

    /// For the `Host` header.
    var hostHeader: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// Without the query, which may hold a signature or a listen key.
    public var description: String { "\(scheme.rawValue)://\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}
