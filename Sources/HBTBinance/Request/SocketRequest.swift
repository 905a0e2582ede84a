/// A request over the WebSocket API, or a live change of subscriptions: `{"id":…,"method":…,"params":…}`.
public struct SocketRequest: Equatable, Sendable {
    /// A number or a string; comes back in the answer as it was.
    public var id: JSONValue
    public var method: String
    public var parameters: JSONValue

    public init(id: JSONValue, method: String, parameters: JSONValue) {
        self.id = id
        self.method = method
        self.parameters = parameters
    }

    public init(_ json: JSONValue) throws(WireFault) {
        switch json["id"] ?? .null {
        case .number, .string, .null: break
        default: throw JSONValue.wrong("id")
        }
        self.init(id: json["id"] ?? .null, method: try json.text("method"), parameters: json["params"] ?? .null)
    }

    /// The parameters as a request over REST would have them; values that are no scalars are refused.
    public func query() throws(WireFault) -> QueryString {
        var query = QueryString()
        guard let members = parameters.members else {
            guard parameters == .null else { throw JSONValue.wrong("params") }
            return query
        }
        for member in members {
            switch member.value {
            case .string(let text), .number(let text): query.append(member.name, text)
            case .bool(let flag): query.append(member.name, flag ? "true" : "false")
            case .null: break
            default:
                var out = JSONWriter()
                out.value(member.value)
                query.append(member.name, out.text)
            }
        }
        return query
    }

    public func encode(into out: inout JSONWriter) {
        out.beginObject()
        out.name("id")
        out.value(id)
        out.field("method", method)
        if parameters != .null {
            out.name("params")
            out.value(parameters)
        }
        out.endObject()
    }
}

/// An answer of the WebSocket API.
public struct SocketResponse: Equatable, Sendable {
    public var id: JSONValue
    /// As an HTTP status; 200 for success. 0 in the answer to a change of subscriptions, which has none.
    public var status: Int
    public var result: JSONValue
    public var error: VenueError?

    public init(_ json: JSONValue) throws(WireFault) {
        id = json["id"] ?? .null
        status = Int(truncatingIfNeeded: try json.optionalInteger("status") ?? 0)
        result = json["result"] ?? .null
        error = json["error"].flatMap { VenueError($0, httpStatus: 400) }
    }
}
